#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "espalier/solver/problem.hpp"
#include "espalier/support/random.hpp"

namespace espalier::tests {

/// Families of random instances; most are Pisinger's ("Where are the hard knapsack problems?",
/// 2005), with the mean weight of the column in the place of the weight when there are more rows.
enum class Family {
  kUncorrelated,
  kWeaklyCorrelated,
  kStronglyCorrelated,
  kInverseStronglyCorrelated,
  kSubsetSum,
  kEvenOdd,
  kCircle,
  kProfitCeiling,
  kSpanner,
  kEqualItems,   // few distinct columns
  kGroups,       // weights close to capacity / 2^k, as Jooken, Leyman and De Causmaecker (2022)
  kHuge,         // sums just inside 62 bits
  kZeroWeights,  // some weights are zero
};

inline constexpr std::array kAllFamilies = {Family::kUncorrelated,
                                            Family::kWeaklyCorrelated,
                                            Family::kStronglyCorrelated,
                                            Family::kInverseStronglyCorrelated,
                                            Family::kSubsetSum,
                                            Family::kEvenOdd,
                                            Family::kCircle,
                                            Family::kProfitCeiling,
                                            Family::kSpanner,
                                            Family::kEqualItems,
                                            Family::kGroups,
                                            Family::kHuge,
                                            Family::kZeroWeights};

/// Columns by row and profits, all of them non-negative, the profits positive.
struct RandomColumns {
  std::vector<std::int64_t> profits;
  std::vector<std::vector<std::int64_t>> rows;
};

inline std::int64_t random_profit(Random& random, Family family, std::int64_t weight,
                                  std::int64_t range) {
  const std::int64_t tenth = std::max<std::int64_t>(1, range / 10);
  switch (family) {
    case Family::kWeaklyCorrelated:
      return std::max<std::int64_t>(1, weight + random.integer(-tenth, tenth));
    case Family::kStronglyCorrelated:
    case Family::kEvenOdd:
      return weight + tenth;
    case Family::kInverseStronglyCorrelated:
      return std::max<std::int64_t>(1, weight - tenth);
    case Family::kSubsetSum:
      return std::max<std::int64_t>(1, weight);
    case Family::kCircle: {
      const double width = 2.0 * static_cast<double>(range);
      const double x = static_cast<double>(weight) - width;
      const double height = std::sqrt(std::max(0.0, width * width - x * x));
      return std::max<std::int64_t>(1, static_cast<std::int64_t>(height * 2.0 / 3.0));
    }
    case Family::kProfitCeiling:
      return 3 * std::max<std::int64_t>(1, (weight + 2) / 3);
    default:
      return random.integer(1, range);
  }
}

/// Repeats the first columns over the others, for kSpanner with a factor of 1 to 4.
inline void repeat_columns(Random& random, RandomColumns& columns, std::size_t distinct,
                           std::int64_t largest_factor) {
  for (std::size_t j = distinct; j < columns.profits.size(); ++j) {
    const auto source =
        static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(distinct) - 1));
    const std::int64_t factor = random.integer(1, largest_factor);
    columns.profits[j] = factor * columns.profits[source];
    for (auto& row : columns.rows) row[j] = factor * row[source];
  }
}

inline RandomColumns random_columns(Random& random, Family family, int n, int m,
                                    std::int64_t range) {
  const auto count = static_cast<std::size_t>(n);
  RandomColumns columns;
  columns.rows.assign(static_cast<std::size_t>(m), std::vector<std::int64_t>(count));
  if (family == Family::kHuge) range = (std::int64_t{1} << 61) / n;
  for (std::size_t j = 0; j < count; ++j) {
    std::int64_t mean = 0;
    for (auto& row : columns.rows) {
      row[j] = random.integer(family == Family::kHuge ? range - range / 4 : 1, range);
      if (family == Family::kEvenOdd) row[j] = 2 * ((row[j] + 1) / 2);
      if (family == Family::kZeroWeights && random.chance(0.3)) row[j] = 0;
      if (family == Family::kGroups) {
        row[j] = (range << 6 >> random.integer(0, 5)) + random.integer(1, 9);
      }
      mean += row[j] / m;
    }
    columns.profits.push_back(random_profit(random, family, mean, range));
    if (family == Family::kGroups) columns.profits.back() = mean + random.integer(-4, 5);
  }
  const auto distinct =
      static_cast<std::size_t>(std::min<std::int64_t>(n, 1 + random.integer(0, 2)));
  if (family == Family::kSpanner) repeat_columns(random, columns, distinct, 4);
  if (family == Family::kEqualItems) repeat_columns(random, columns, distinct, 1);
  return columns;
}

/// A problem of the family with coefficients up to about `range`; capacities lie anywhere between
/// the tightest that are of interest and the sum of the row.
inline solver::Problem random_problem(Random& random, Family family, int n, int m,
                                      std::int64_t range = 100) {
  RandomColumns columns = random_columns(random, family, n, m, range);
  std::vector<std::int64_t> weights;
  std::vector<std::int64_t> capacities;
  for (const auto& row : columns.rows) {
    std::int64_t sum = 0;
    for (const std::int64_t weight : row) sum += weight;
    const std::int64_t loosest = random.chance(0.5) ? sum / 2 : sum;
    std::int64_t capacity = random.integer(0, loosest);
    if (family == Family::kEvenOdd) capacity |= 1;
    capacities.push_back(capacity);
    weights.insert(weights.end(), row.begin(), row.end());
  }
  return {std::move(columns.profits), std::move(weights), std::move(capacities)};
}

}  // namespace espalier::tests
