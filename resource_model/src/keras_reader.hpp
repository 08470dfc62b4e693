#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "espalier/resource_model/network.hpp"

namespace espalier::resource_model {

/// Whether the document is a Keras architecture rather than our own description.
bool is_keras_model(const nlohmann::json& document);

/// The network of a Keras architecture. `hls4ml_config` is hls4ml's configuration as JSON, or null
/// for hls4ml's defaults.
Network keras_network(const nlohmann::json& model, const std::string& file,
                      const nlohmann::json& hls4ml_config, const std::string& config_file);

}  // namespace espalier::resource_model
