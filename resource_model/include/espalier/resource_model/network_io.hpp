#pragma once

#include <filesystem>
#include <string>

#include "espalier/resource_model/estimate.hpp"
#include "espalier/resource_model/network.hpp"

namespace espalier::resource_model {

/// Reads a network description (JSON, see README). Missing types and factors take hls4ml's
/// defaults, missing sizes are inferred from the layer before. Throws Error naming file, layer and
/// field.
Network read_network(const std::filesystem::path& file);
Network parse_network(const std::string& json, const std::string& name);

std::string network_to_json(const Network& network);
std::string estimate_to_json(const NetworkEstimate& estimate);

}  // namespace espalier::resource_model
