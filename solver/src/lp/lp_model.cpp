#include "lp/lp_model.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace espalier::solver {
namespace {

/// Sums of magnitude below this are exact in double arithmetic and leave a rounding margin of the
/// bound far below one unit of the objective.
constexpr double kExactLimit = 0x1p45;

}  // namespace

LpModel::LpModel(const CoreProblem& core_problem, bool with_cardinality)
    : core(core_problem),
      has_cardinality(with_cardinality),
      num_rows(core_problem.num_rows + (with_cardinality ? 1 : 0)) {
  const int n = core.num_items;
  const auto rows = static_cast<std::size_t>(num_rows);
  exponents.assign(rows, 0);
  row_magnitudes.assign(rows, 0.0);
  weights.assign(static_cast<std::size_t>(n) * rows, 1.0);
  costs.resize(static_cast<std::size_t>(n));
  for (int j = 0; j < n; ++j) {
    costs[static_cast<std::size_t>(j)] =
        static_cast<double>(core.profits[static_cast<std::size_t>(j)]);
    cost_magnitude += costs[static_cast<std::size_t>(j)];
    total_profit += core.profits[static_cast<std::size_t>(j)];
  }
  if (cost_magnitude > kExactLimit) is_exact_in_double = false;
  for (int i = 0; i < core.num_rows; ++i) {
    const auto row = static_cast<std::size_t>(i);
    const auto values = core.row(i);
    const std::int64_t largest = *std::max_element(values.begin(), values.end());
    exponents[row] = static_cast<int>(std::bit_width(static_cast<std::uint64_t>(largest)));
    const double capacity = static_cast<double>(core.capacities[row]);
    double total = capacity;
    for (int j = 0; j < n; ++j) {
      const double weight = static_cast<double>(values[static_cast<std::size_t>(j)]);
      total += weight;
      weights[static_cast<std::size_t>(j) * rows + row] = std::ldexp(weight, -exponents[row]);
    }
    if (total > kExactLimit) is_exact_in_double = false;
    row_magnitudes[row] = std::ldexp(total, -exponents[row]);
  }
  if (has_cardinality) row_magnitudes.back() = 2.0 * n;
}

}  // namespace espalier::solver
