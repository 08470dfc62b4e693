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

/// Values of all structures of one layer: the L1 or L2 norm of the structure's weights, divided by
/// the largest norm of the layer, so in [0, 1].
///
/// Norms of different layers do not compare: weights of a layer with many inputs are small and
/// structures of a layer with a high reuse factor have many of them. Without the division a common
/// budget would empty the wide layers first. Divided, a value says how much a structure matters
/// among its own kind, and the best of every layer count the same.
///
/// `kernel` is in the framework's layout. Throws Error naming the layer when the sizes disagree or
/// a weight is not finite.
std::vector<double> structure_values(std::span<const float> kernel,
                                     const resource_model::Layer& layer,
                                     const resource_model::LayerStructures& structures,
                                     ValueNorm norm);

/// Which structures to keep, with the proof status of the choice.
struct Selection {
  std::vector<std::vector<std::uint8_t>> kept;  ///< per layer of structures, one flag per structure
  std::string status;                           ///< "optimal", or "feasible" when stopped
  double objective = 0.0;                       ///< retained value, within scaling_error / 2
  double bound = 0.0;          ///< no selection retains more than bound + scaling_error / 2
  double scaling_error = 0.0;  ///< at most this much of the objective was lost to integer scaling
  resource_model::Resources used;  ///< sum over the kept structures
  double greedy_objective = 0.0;   ///< retained by the density-greedy selection
  std::int64_t items = 0, rows = 0, nodes = 0;
  double seconds = 0.0;
};

/// Keeps the structures of greatest total value whose resources fit into `budget`, among them the
/// `min_per_layer` most valuable ones of each layer (all of a layer that has no more).
///
/// Structures that use nothing are kept, structures of value zero are not unless the floor asks for
/// them. Dimensions that no structure uses are no constraints. Exact for the values rounded to
/// integers; scaling_error bounds what that can cost. The same for any number of threads, unless
/// stopped. Throws Error when values are negative or not finite, sizes disagree, or the floor does
/// not fit into the budget.
Selection select_structures(const std::vector<resource_model::LayerStructures>& structures,
                            const std::vector<std::vector<double>>& values,
                            const resource_model::Resources& budget, int min_per_layer, int threads,
                            std::stop_token stop = {});

}  // namespace espalier::pruning
