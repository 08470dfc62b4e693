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

/// A Keras architecture with an hls4ml configuration in JSON: `HLSConfig` with `Model` and
/// `LayerName` (Precision, ReuseFactor, Strategy, ParallelizationFactor), `IOType`, `Part`,
/// `ClockPeriod`. Only plain chains of layers are accepted.
Network read_keras_network(const std::filesystem::path& model,
                           const std::filesystem::path& hls4ml_config);

/// The same for an architecture that is in memory already; `name` stands for its file in errors.
/// An empty `hls4ml_config` means hls4ml's defaults.
Network parse_keras_network(const std::string& architecture, const std::string& name,
                            const std::filesystem::path& hls4ml_config);

std::string network_to_json(const Network& network);

/// The estimate layer by layer and in total. With the network it also tells nanoseconds and, for
/// known devices, capacity and use in per cent.
std::string estimate_to_json(const NetworkEstimate& estimate);
std::string estimate_to_json(const Network& network, const NetworkEstimate& estimate);

}  // namespace espalier::resource_model
