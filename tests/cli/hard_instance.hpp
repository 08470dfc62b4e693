#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "espalier/support/random.hpp"

namespace espalier::tests {

/// Far too hard to be solved: 500 items in 30 rows with profits close to the mean weight, after
/// P.C. Chu and J.E. Beasley, "A genetic algorithm for the multidimensional knapsack problem"
/// (1998).
inline std::string hard_instance() {
  constexpr int kItems = 500;
  constexpr int kRows = 30;
  Random random(1);
  std::vector<std::int64_t> profits(kItems, 0);
  std::string weights;
  std::string capacities;
  for (int i = 0; i < kRows; ++i) {
    std::int64_t total = 0;
    for (auto& profit : profits) {
      const std::int64_t weight = random.integer(1, 1000);
      profit += weight;
      total += weight;
      weights += std::to_string(weight) + " ";
    }
    weights += "\n";
    capacities += std::to_string(total / 2) + " ";
  }
  std::string text = std::to_string(kItems) + " " + std::to_string(kRows) + " 0\n";
  for (const std::int64_t profit : profits) {
    text += std::to_string(profit / kRows + random.integer(0, 500)) + " ";
  }
  return text + "\n" + weights + capacities + "\n";
}

}  // namespace espalier::tests
