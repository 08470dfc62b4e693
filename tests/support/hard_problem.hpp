#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "espalier/solver/problem.hpp"
#include "espalier/support/random.hpp"

#include "random_problem.hpp"

namespace espalier::tests {

/// Profits close to the mean weight, after P. C. Chu and J. E. Beasley, "A genetic algorithm for
/// the multidimensional knapsack problem" (1998).
inline solver::Problem chu_beasley(std::size_t items, std::size_t rows, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::int64_t> profits(items, 0);
  std::vector<std::int64_t> weights;
  std::vector<std::int64_t> capacities;
  for (std::size_t i = 0; i < rows; ++i) {
    std::int64_t total = 0;
    for (auto& profit : profits) {
      weights.push_back(random.integer(1, 1000));
      profit += weights.back();
      total += weights.back();
    }
    capacities.push_back(total / 2);
  }
  for (auto& profit : profits) {
    profit = profit / static_cast<std::int64_t>(rows) + random.integer(0, 500);
  }
  return {std::move(profits), std::move(weights), std::move(capacities)};
}

/// Far too large a tree to be searched.
inline solver::Problem hard_tree() { return chu_beasley(500, 30, 1); }

/// One row with far too many states for the dynamic program.
inline solver::Problem hard_row() {
  Random random(11);
  return random_problem(random, Family::kStronglyCorrelated, 500, 1, 1'000'000'000'000);
}

}  // namespace espalier::tests
