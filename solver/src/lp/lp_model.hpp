#pragma once

#include <cstdint>
#include <vector>

#include "model/core_problem.hpp"

namespace espalier::solver {

/// The relaxation that all nodes of a search share: the rows of the core problem, scaled by powers
/// of two to weights of at most 1, and optionally sum x = k as the last row.
struct LpModel {
  LpModel(const CoreProblem& core, bool has_cardinality);

  const CoreProblem& core;
  bool has_cardinality;
  int num_rows;                 ///< with the cardinality row
  std::vector<int> exponents;   ///< row i is multiplied by 2^-exponents[i]
  std::vector<double> weights;  ///< scaled, item-major: num_rows values per item
  std::vector<double> costs;
  std::int64_t total_profit = 0;  ///< sum of all profits: no objective exceeds it

  /// Magnitudes for the rounding margin of the bound: sum of |cost|, and per row the sum of the
  /// scaled weights plus the capacity.
  double cost_magnitude = 0.0;
  std::vector<double> row_magnitudes;

  /// Whether profits, weights and their sums are exact in doubles, so that bounds can be proven in
  /// doubles with a rounding margin. Otherwise every bound is recomputed in 128-bit integers.
  bool is_exact_in_double = true;

  const double* weights_of(int item) const {
    return weights.data() + static_cast<std::ptrdiff_t>(item) * num_rows;
  }
};

}  // namespace espalier::solver
