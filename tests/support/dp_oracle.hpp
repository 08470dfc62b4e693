#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "espalier/solver/problem.hpp"

namespace espalier::tests {

/// Optimum of a 0-1 knapsack of one row by Bellman's table over all capacities, O(n * capacity).
/// Requires weights >= 0 and capacity >= 0; profits of any sign.
inline std::int64_t dp_oracle(std::span<const std::int64_t> profits,
                              std::span<const std::int64_t> weights, std::int64_t capacity) {
  std::vector<std::int64_t> best(static_cast<std::size_t>(capacity) + 1, 0);
  for (std::size_t j = 0; j < profits.size(); ++j) {
    if (weights[j] > capacity) continue;
    const auto weight = static_cast<std::size_t>(weights[j]);
    for (std::size_t room = best.size(); room-- > weight;) {
      best[room] = std::max(best[room], best[room - weight] + profits[j]);
    }
  }
  return best.back();
}

/// The same for the first two rows of a problem, O(n * capacity * capacity).
inline std::int64_t dp_oracle_two_rows(const solver::Problem& problem) {
  const auto height = static_cast<std::size_t>(problem.capacities()[0]) + 1;
  const auto width = static_cast<std::size_t>(problem.capacities()[1]) + 1;
  std::vector<std::int64_t> best(height * width, 0);
  for (int j = 0; j < problem.num_items(); ++j) {
    const auto first = static_cast<std::size_t>(problem.weight(0, j));
    const auto second = static_cast<std::size_t>(problem.weight(1, j));
    for (std::size_t a = height; a-- > first;) {
      for (std::size_t b = width; b-- > second;) {
        best[a * width + b] =
            std::max(best[a * width + b], best[(a - first) * width + b - second] +
                                              problem.profits()[static_cast<std::size_t>(j)]);
      }
    }
  }
  return best.back();
}

}  // namespace espalier::tests
