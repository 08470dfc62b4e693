#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "espalier/solver/classes.hpp"
#include "espalier/solver/problem.hpp"
#include "espalier/support/random.hpp"

namespace espalier::tests {

/// How the profits of a class are drawn.
enum class ProfitKind { kUniform, kNormal, kHeavyTailed, kNearlyEqual, kManyTies, kProportional };

inline constexpr ProfitKind kAllProfitKinds[] = {
    ProfitKind::kUniform,     ProfitKind::kNormal,   ProfitKind::kHeavyTailed,
    ProfitKind::kNearlyEqual, ProfitKind::kManyTies, ProfitKind::kProportional};

struct ClassFamily {
  int rows = 2;
  int classes = 5;
  std::int64_t items = 15;  ///< of all classes together
  std::int64_t max_weight = 8;
  std::int64_t scale = 1000;  ///< of the profits
  ProfitKind profits = ProfitKind::kUniform;
  double tightness = 0.4;  ///< capacity as a part of the row sum
  bool parallel_rows = false;
  bool has_floors = false;
  bool has_fixed = false;
};

inline std::int64_t draw_profit(Random& random, const ClassFamily& family, std::int64_t weight) {
  const auto scale = static_cast<double>(family.scale);
  switch (family.profits) {
    case ProfitKind::kUniform:
      return random.integer(-family.scale / 20, family.scale);
    case ProfitKind::kNormal:
      return static_cast<std::int64_t>(std::abs(random.normal()) * scale / 4.0);
    case ProfitKind::kHeavyTailed:
      return static_cast<std::int64_t>(
          std::min(1000.0, 0.01 / std::max(1e-9, 1.0 - random.uniform())) * scale / 100.0);
    case ProfitKind::kNearlyEqual:
      return family.scale + random.integer(0, std::max<std::int64_t>(1, family.scale / 1000));
    case ProfitKind::kManyTies:
      return random.integer(0, 4) * (family.scale / 4);
    case ProfitKind::kProportional:
      return weight * (family.scale / 8) + random.integer(0, 2);
  }
  return 0;
}

inline std::vector<solver::ItemClass> random_item_classes(Random& random,
                                                          const ClassFamily& family) {
  std::vector<solver::ItemClass> classes(static_cast<std::size_t>(family.classes));
  for (auto& klass : classes) {
    for (int i = 0; i < family.rows; ++i) {
      klass.weights.push_back(random.integer(0, family.max_weight));
    }
    if (family.parallel_rows) {
      for (auto& weight : klass.weights) weight = 2 * klass.weights[0] + random.integer(0, 1);
    }
  }
  for (std::int64_t j = 0; j < family.items; ++j) {
    auto& klass = classes[static_cast<std::size_t>(random.integer(0, family.classes - 1))];
    std::int64_t sum = 0;
    for (const auto weight : klass.weights) sum += weight;
    klass.profits.push_back(draw_profit(random, family, sum));
  }
  for (auto& klass : classes) {
    const auto size = static_cast<std::int64_t>(klass.profits.size());
    if (family.has_fixed) {
      for (std::int32_t j = 0; j < size; ++j) {
        if (random.chance(0.15)) {
          (random.chance(0.5) ? klass.always : klass.never).push_back(j);
        }
      }
    }
    if (family.has_floors && random.chance(0.5)) {
      const auto available = size - static_cast<std::int64_t>(klass.never.size());
      klass.min_kept = random.integer(0, std::min<std::int64_t>(available, 3));
    }
  }
  return classes;
}

inline solver::ClassedProblem random_classed(Random& random, const ClassFamily& family) {
  auto classes = random_item_classes(random, family);
  std::vector<std::int64_t> capacities;
  for (std::size_t i = 0; i < static_cast<std::size_t>(family.rows); ++i) {
    std::int64_t sum = 0;
    for (const auto& klass : classes) {
      sum += klass.weights[i] * static_cast<std::int64_t>(klass.profits.size());
    }
    capacities.push_back(static_cast<std::int64_t>(family.tightness * static_cast<double>(sum)));
  }
  return {std::move(classes), std::move(capacities)};
}

/// The same problem item by item, class after class. Floors and fixed items are left out.
inline solver::Problem expand(const solver::ClassedProblem& problem) {
  std::vector<std::int64_t> profits;
  std::vector<std::int64_t> weights;
  for (const auto& klass : problem.classes()) {
    profits.insert(profits.end(), klass.profits.begin(), klass.profits.end());
  }
  for (std::size_t i = 0; i < problem.capacities().size(); ++i) {
    for (const auto& klass : problem.classes()) {
      weights.insert(weights.end(), klass.profits.size(), klass.weights[i]);
    }
  }
  return {std::move(profits),
          std::move(weights),
          {problem.capacities().begin(), problem.capacities().end()}};
}

}  // namespace espalier::tests
