#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "espalier/resource_model/structure.hpp"

namespace espalier::pruning {

/// What a structure is worth, from its weights w.
enum class ValueMetric {
  kL1,           ///< sum of |w|
  kL2,           ///< sqrt of the sum of w^2
  kGradient,     ///< sum of |w| E|dL/dw|: first-order change of the loss (Molchanov et al. 2017)
  kSecondOrder,  ///< sum of w^2 h / 2, h the diagonal of the Hessian (LeCun, Denker, Solla 1990)
};

/// How values of different layers are made to compare.
enum class ValueScale {
  /// Divided by the largest of the layer. Norms of different layers do not compare: weights of a
  /// layer with many inputs are small and structures of a layer with a high reuse factor have many
  /// of them, so that a common budget would empty the wide layers first. Divided, a value says how
  /// much a structure matters among its own kind, and the best of every layer count the same.
  kLayerLargest,
  /// As they are. Right in principle for the two metrics that estimate a change of the loss, which
  /// is one unit for all layers; but those are estimates for one small change, and what pruning
  /// does is neither small nor one. bench/pruning/README.md compares.
  kNone,
};

/// Values of all structures of one layer, each >= 0.
///
/// `kernel` is in the framework's layout, and so is `sensitivity`: E|dL/dw| or h per weight, for
/// the metrics that need it (see weight_sensitivity()), else empty. Throws Error naming the layer
/// when the sizes disagree or a number is not finite.
std::vector<double> structure_values(std::span<const float> kernel,
                                     const resource_model::Layer& layer,
                                     const resource_model::LayerStructures& structures,
                                     ValueMetric metric,
                                     ValueScale scale = ValueScale::kLayerLargest,
                                     std::span<const float> sensitivity = {});

/// How structures are chosen. All but the first are there for comparison.
enum class SelectionMethod {
  kExact,      ///< the knapsack, to proven optimality
  kGreedy,     ///< by value per share of the budget, each taken if it still fits
  kUniform,    ///< the same share of every layer's structures, by value, as large as fits
  kMagnitude,  ///< by value whatever a structure costs, until one does not fit
};

struct SelectOptions {
  SelectionMethod method = SelectionMethod::kExact;
  /// Per entry of the structures, the most valuable ones that are kept in any case (all where there
  /// are no more). Empty: none.
  std::vector<std::int64_t> floors = {};
  int threads = 1;
  std::stop_token stop = {};
  /// Selection::multipliers of a similar problem: changes the time of the exact method only.
  std::vector<double> start_multipliers = {};
};

/// Which structures to keep, with the proof status of the choice.
struct Selection {
  std::vector<std::vector<std::uint8_t>> kept;  ///< per layer of structures, one flag per structure
  std::string status;          ///< "optimal"; "feasible" when stopped or of another method
  double objective = 0.0;      ///< retained value, within scaling_error / 2
  double bound = 0.0;          ///< no selection retains more than bound + scaling_error / 2;
                               ///< infinite for the other methods
  double scaling_error = 0.0;  ///< at most this much of the objective was lost to integer scaling
  resource_model::Resources used;  ///< sum over the kept structures
  double greedy_objective = 0.0;   ///< retained by the density-greedy selection
  std::int64_t items = 0, rows = 0;
  std::int64_t nodes = 0;           ///< count vectors and branch-and-bound nodes looked at
  std::vector<double> multipliers;  ///< what one more unit of each row brings, for the next start
  double seconds = 0.0;
};

/// Keeps the structures of greatest total value whose resources fit into `budget`, among them the
/// floors.
///
/// Structures that use nothing are kept, structures of value zero are not unless the floor asks for
/// them. Dimensions that no structure uses are no constraints. Exact for the values rounded to
/// integers; scaling_error bounds what that can cost. The same for any number of threads, unless
/// stopped. Throws Error when values are negative or not finite, sizes disagree, or the floors do
/// not fit into the budget.
Selection select_structures(const std::vector<resource_model::LayerStructures>& structures,
                            const std::vector<std::vector<double>>& values,
                            const resource_model::Resources& budget,
                            const SelectOptions& options = {});

}  // namespace espalier::pruning
