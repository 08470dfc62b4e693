#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "espalier/resource_model/device.hpp"
#include "espalier/resource_model/network.hpp"
#include "espalier/resource_model/resources.hpp"

namespace espalier::resource_model {

/// Estimate of one layer: everything that a synthesis report would list for it.
struct LayerEstimate {
  std::string name;
  Resources total;
  Resources weights;  ///< part of total: multipliers with their logic and weight memory,
                      ///< what pruning can free
  /// Median relative errors of LUT and FF for layers with weights of this kind, on shapes that the
  /// calibration has not seen and averaged over its sources; 0 for layers without weights.
  double lut_error = 0.0;
  double ff_error = 0.0;
  std::int64_t latency_cycles = 0;
  std::int64_t ii_cycles = 0;  ///< initiation interval
  int reuse_factor = 1;
  std::vector<int> valid_reuse_factors;
  std::vector<std::string> warnings;
};

struct NetworkEstimate {
  std::vector<LayerEstimate> layers;
  /// Logic around the layers, as reports of whole designs show it; 0 for unrelated layers.
  Resources top_level;
  Resources total;  ///< layers and top level
  std::int64_t latency_cycles = 0;
  std::int64_t ii_cycles = 0;
};

/// Resources and timing of a network, by formulas whose evidence stands with each in src/.
/// Invalid reuse factors are moved as hls4ml moves them, with a warning in the layer's entry.
/// Throws Error naming layer and field for sizes or widths that cannot be.
NetworkEstimate estimate(const Network& network);

/// The fraction of DSP blocks and block RAMs of multipliers and weights (LayerEstimate::weights)
/// that must go for the network to fit into the device, the larger of the two; 0 when it fits,
/// nothing when what no pruning frees is too large already. LUTs and flip-flops have no say.
std::optional<double> required_sparsity(const NetworkEstimate& estimate, const Device& device);

}  // namespace espalier::resource_model
