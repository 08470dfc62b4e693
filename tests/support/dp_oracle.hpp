#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

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

}  // namespace espalier::tests
