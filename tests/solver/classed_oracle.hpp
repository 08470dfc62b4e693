#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/solver/classes.hpp"

#include "random_classes.hpp"

namespace espalier::tests {

/// Largest total profit over all combinations of counts; nothing when none is feasible.
inline std::optional<std::int64_t> best_of_all_counts(const solver::ClassedProblem& problem) {
  std::optional<std::int64_t> best;
  std::vector<std::int64_t> room(problem.capacities().begin(), problem.capacities().end());
  const std::function<void(std::size_t, std::int64_t)> descend = [&](std::size_t c,
                                                                     std::int64_t profit) {
    if (c == problem.classes().size()) {
      if (std::all_of(room.begin(), room.end(), [](auto left) { return left >= 0; })) {
        best = std::max(best.value_or(profit), profit);
      }
      return;
    }
    const solver::ItemClass& klass = problem.classes()[c];
    std::vector<std::int64_t> free;
    std::int64_t sum = 0;
    for (std::int32_t j = 0; j < static_cast<std::int32_t>(klass.profits.size()); ++j) {
      const auto p = klass.profits[static_cast<std::size_t>(j)];
      const auto is_in = [j](const auto& list) {
        return std::find(list.begin(), list.end(), j) != list.end();
      };
      if (is_in(klass.always)) {
        sum += p;
      } else if (!is_in(klass.never)) {
        free.push_back(p);
      }
    }
    std::sort(free.begin(), free.end(), std::greater<>());
    const auto saved = room;
    for (std::size_t taken = 0; taken <= free.size(); ++taken) {
      const auto count = static_cast<std::int64_t>(taken + klass.always.size());
      if (taken > 0) sum += free[taken - 1];
      for (std::size_t i = 0; i < room.size(); ++i) room[i] = saved[i] - count * klass.weights[i];
      if (count >= klass.min_kept) descend(c + 1, profit + sum);
    }
    room = saved;
  };
  descend(0, 0);
  return best;
}

/// Whether the selection is what the result says and obeys floors, fixed items and rows.
inline void check_selection(const solver::ClassedProblem& problem,
                            const solver::ClassedResult& result) {
  REQUIRE(result.selected.size() == problem.classes().size());
  std::int64_t objective = 0;
  std::vector<std::int64_t> room(problem.capacities().begin(), problem.capacities().end());
  for (std::size_t c = 0; c < result.selected.size(); ++c) {
    const solver::ItemClass& klass = problem.classes()[c];
    const auto& items = result.selected[c];
    CHECK(std::is_sorted(items.begin(), items.end()));
    CHECK(std::adjacent_find(items.begin(), items.end()) == items.end());
    CHECK(static_cast<std::int64_t>(items.size()) >= klass.min_kept);
    for (const auto j : items) objective += klass.profits.at(static_cast<std::size_t>(j));
    const auto is_chosen = [&](std::int32_t j) {
      return std::binary_search(items.begin(), items.end(), j);
    };
    CHECK(std::none_of(klass.never.begin(), klass.never.end(), is_chosen));
    CHECK(std::all_of(klass.always.begin(), klass.always.end(), is_chosen));
    for (std::size_t i = 0; i < room.size(); ++i) {
      room[i] -= static_cast<std::int64_t>(items.size()) * klass.weights[i];
    }
  }
  CHECK(objective == result.objective);
  CHECK(std::all_of(room.begin(), room.end(), [](auto left) { return left >= 0; }));
}

inline ClassFamily random_family(Random& random, std::int64_t items) {
  ClassFamily family;
  family.rows = static_cast<int>(random.integer(1, 4));
  family.classes = static_cast<int>(random.integer(1, 6));
  family.items = random.integer(1, items);
  family.max_weight = random.chance(0.2) ? 97 : random.integer(1, 9);
  family.scale = random.chance(0.3) ? 8 : 1000000;
  family.profits = kAllProfitKinds[random.integer(0, 5)];
  family.tightness = random.uniform();
  family.parallel_rows = random.chance(0.15);
  return family;
}

}  // namespace espalier::tests
