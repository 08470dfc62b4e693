#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "espalier/support/random.hpp"

#include "random_problem.hpp"
#include "shrink.hpp"

namespace espalier::tests {

// Random problems with everything the problem type allows: a family of random_problem.hpp, bent by
// any number of twists.

/// Largest coefficients to choose from.
inline constexpr std::array<std::int64_t, 6> kRanges = {
    2, 7, 100, 10'000, 1'000'000'000, 10'000'000'000'000};

inline void twist_profits(Random& random, LooseProblem& problem) {
  const std::int64_t kind = random.integer(0, 11);
  for (auto& p : problem.profits) {
    if (kind == 0 && random.chance(0.3)) p = 0;
    if (kind == 1 && random.chance(0.3)) p = -p;
    if (kind == 2) p = -p;
    if (kind == 3) p = 7;
  }
}

inline void twist_rows(Random& random, LooseProblem& problem) {
  const auto last = problem.rows.size() - 1;
  const std::int64_t kind = random.integer(0, 11);
  if (kind == 0) std::fill(problem.rows[last].begin(), problem.rows[last].end(), 0);
  if (kind == 1) problem.rows[last] = problem.rows[0];
  if (kind == 2) {  // a row that counts the items
    std::fill(problem.rows[last].begin(), problem.rows[last].end(), 1);
  }
  if (kind == 3) {  // divisible weights
    for (auto& a : problem.rows[last]) a = a / 6 * 6;
  }
}

/// Weights <= 0 for some or all columns.
inline void twist_signs(Random& random, LooseProblem& problem) {
  const std::int64_t kind = random.integer(0, 9);
  for (std::size_t j = 0; j < problem.profits.size(); ++j) {
    const bool is_covering = (kind == 0 && random.chance(0.3)) || kind == 1;
    if (!is_covering) continue;
    for (auto& row : problem.rows) row[j] = -row[j];
    if (random.chance(0.8)) problem.profits[j] = -problem.profits[j];
  }
}

/// Anything from infeasible (seldom) to redundant.
inline std::int64_t random_capacity(Random& random, const std::vector<std::int64_t>& row) {
  std::int64_t least = 0;  // activity of the selection that needs least
  std::int64_t most = 0;
  for (const std::int64_t a : row) (a < 0 ? least : most) += a;
  if (random.chance(0.01)) return least - 1;
  if (random.chance(0.03)) return least;
  if (random.chance(0.03)) return most;
  if (random.chance(0.02) && most > least) return most - 1;
  return least + random.integer(0, random.chance(0.5) ? (most - least) / 2 : most - least);
}

/// Raises one number such that a sum just keeps to the limit of the problem type, 2^63 - 1.
inline void stretch(Random& random, LooseProblem& problem) {
  const std::int64_t limit = INT64_MAX - random.integer(0, 2);
  const auto j = static_cast<std::size_t>(
      random.integer(0, static_cast<std::int64_t>(problem.profits.size()) - 1));
  if (random.chance(0.5)) {
    std::int64_t total = 0;
    for (const std::int64_t p : problem.profits) total += p < 0 ? -p : p;
    problem.profits[j] += problem.profits[j] < 0 ? total - limit : limit - total;
    return;
  }
  for (std::size_t i = 0; i < problem.rows.size(); ++i) {
    auto& row = problem.rows[i];
    auto& capacity = problem.capacities[i];
    std::int64_t total = capacity < 0 ? -capacity : capacity;
    for (const std::int64_t a : row) total += a < 0 ? -a : a;
    const bool is_covering = std::any_of(problem.rows.begin(), problem.rows.end(),
                                         [j](const auto& other) { return other[j] < 0; });
    if (capacity > 0 && random.chance(0.5)) {
      capacity += limit - total;
    } else {
      row[j] += is_covering ? total - limit : limit - total;
    }
  }
}

inline solver::Problem twisted_problem(Random& random, int n, int m) {
  const auto last_family = static_cast<std::int64_t>(kAllFamilies.size()) - 1;
  const Family family = kAllFamilies[static_cast<std::size_t>(random.integer(0, last_family))];
  const std::int64_t range =
      kRanges[static_cast<std::size_t>(random.integer(0, kRanges.size() - 1))];
  RandomColumns columns = random_columns(random, family, n, m, range);
  LooseProblem problem;
  problem.profits = std::move(columns.profits);
  problem.rows = std::move(columns.rows);
  twist_profits(random, problem);
  twist_rows(random, problem);
  twist_signs(random, problem);
  for (const auto& row : problem.rows) problem.capacities.push_back(random_capacity(random, row));
  if (random.chance(0.05)) stretch(random, problem);
  return problem.build();
}

}  // namespace espalier::tests
