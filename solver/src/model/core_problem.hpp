#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace espalier::solver {

/// What presolve hands to the search: a knapsack problem in normal form.
///
/// Invariants: profits > 0; weights >= 0; 0 <= weight <= capacity; every row can be violated; sums
/// fit in 62 bits. n or m may be 0, in which case everything left is taken.
struct CoreProblem {
  int num_items = 0;
  int num_rows = 0;
  std::vector<std::int64_t> profits;
  std::vector<std::int64_t> weights;  ///< row by row
  std::vector<std::int64_t> capacities;

  std::int64_t weight(int row, int item) const noexcept {
    return weights[static_cast<std::size_t>(row) * profits.size() + static_cast<std::size_t>(item)];
  }
  std::span<const std::int64_t> row(int i) const noexcept {
    return std::span(weights).subspan(static_cast<std::size_t>(i) * profits.size(), profits.size());
  }
  std::int64_t profit_of(std::span<const std::int32_t> items) const noexcept {
    std::int64_t sum = 0;
    for (const auto j : items) sum += profits[static_cast<std::size_t>(j)];
    return sum;
  }
  bool is_feasible(std::span<const std::int32_t> items) const noexcept {
    for (int i = 0; i < num_rows; ++i) {
      std::int64_t load = 0;
      for (const auto j : items) load += weight(i, j);
      if (load > capacities[static_cast<std::size_t>(i)]) return false;
    }
    return true;
  }
};

}  // namespace espalier::solver
