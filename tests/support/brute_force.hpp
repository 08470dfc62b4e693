#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <vector>

#include "espalier/solver/problem.hpp"
#include "espalier/support/check.hpp"

namespace espalier::tests {

struct BruteForceResult {
  std::int64_t objective;
  /// One best selection, 0-based, ascending.
  std::vector<std::int32_t> selected;
  std::int64_t num_feasible;
};

/// Optimum by looking at all 2^n selections, in the order of the Gray code, so that each differs
/// from the one before by one item. Nothing when no selection is feasible. Requires n <= 20.
inline std::optional<BruteForceResult> brute_force(const solver::Problem& problem) {
  const int n = problem.num_items();
  const int m = problem.num_rows();
  ESPALIER_CHECK(n <= 20);
  std::vector<std::int64_t> activity(static_cast<std::size_t>(m), 0);
  std::int64_t profit = 0;
  std::uint32_t chosen = 0;
  std::optional<std::uint32_t> best;
  std::int64_t best_profit = 0;
  std::int64_t num_feasible = 0;
  for (std::uint32_t step = 0;;) {
    bool feasible = true;
    for (int i = 0; i < m; ++i) {
      feasible = feasible && activity[static_cast<std::size_t>(i)] <=
                                 problem.capacities()[static_cast<std::size_t>(i)];
    }
    if (feasible) {
      ++num_feasible;
      if (!best || profit > best_profit) {
        best = chosen;
        best_profit = profit;
      }
    }
    if (++step == (std::uint32_t{1} << n)) break;
    const int j = std::countr_zero(step);
    chosen ^= std::uint32_t{1} << j;
    const std::int64_t sign = ((chosen >> j) & 1U) != 0 ? 1 : -1;
    profit += sign * problem.profits()[static_cast<std::size_t>(j)];
    for (int i = 0; i < m; ++i)
      activity[static_cast<std::size_t>(i)] += sign * problem.weight(i, j);
  }
  if (!best) return std::nullopt;
  BruteForceResult result{best_profit, {}, num_feasible};
  for (int j = 0; j < n; ++j) {
    if (((*best >> j) & 1U) != 0) result.selected.push_back(j);
  }
  return result;
}

}  // namespace espalier::tests
