#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "espalier/pruning/prune.hpp"
#include "espalier/pruning/sequential.hpp"
#include "espalier/resource_model/structure.hpp"

namespace espalier::pruning {

/// Values of all structures of one layer.
std::vector<double> structure_values(std::span<const float> kernel, const resource_model::Layer& layer,
                                     const resource_model::LayerStructures& structures,
                                     ValueNorm norm);

/// Which structures to keep, with the proof status of the choice.
struct Selection {
  std::vector<std::vector<std::uint8_t>> kept;  ///< per layer of structures, one flag per structure
  std::string status;              ///< "optimal", or "feasible" when stopped
  double objective = 0.0;          ///< retained value
  double bound = 0.0;              ///< no selection within the budget retains more
  double scaling_error = 0.0;      ///< at most this much of the objective was lost to integer scaling
  double greedy_objective = 0.0;   ///< retained by the density-greedy selection
  std::int64_t items = 0, rows = 0, nodes = 0;
  double seconds = 0.0;
};

/// Keeps the structures of greatest total value whose resources fit into `budget`, at least
/// `min_per_layer` of each layer (the most valuable ones). Dimensions that no structure uses are
/// left out. Exact for the values rounded to integers; scaling_error bounds what that can cost.
Selection select_structures(const std::vector<resource_model::LayerStructures>& structures,
                            const std::vector<std::vector<double>>& values,
                            const resource_model::Resources& budget, int min_per_layer, int threads,
                            std::stop_token stop = {});

}  // namespace espalier::pruning
