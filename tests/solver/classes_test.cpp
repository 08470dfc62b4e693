// Problems of item classes against an oracle that knows nothing of thresholds, and against the
// general search.

#include "espalier/solver/classes.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <numeric>
#include <optional>
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/solver/solve.hpp"
#include "espalier/support/error.hpp"

#include "fuzzing_time.hpp"
#include "random_classes.hpp"

namespace {

using namespace espalier::solver;
using espalier::Error;
using espalier::Random;
using espalier::tests::ClassFamily;
using espalier::tests::expand;
using espalier::tests::kAllProfitKinds;
using espalier::tests::ProfitKind;
using espalier::tests::random_classed;

/// Largest total profit over all combinations of counts; nothing when none is feasible.
std::optional<std::int64_t> best_of_all_counts(const ClassedProblem& problem) {
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
    const ItemClass& klass = problem.classes()[c];
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

void check_selection(const ClassedProblem& problem, const ClassedResult& result) {
  REQUIRE(result.selected.size() == problem.classes().size());
  std::int64_t objective = 0;
  std::vector<std::int64_t> room(problem.capacities().begin(), problem.capacities().end());
  for (std::size_t c = 0; c < result.selected.size(); ++c) {
    const ItemClass& klass = problem.classes()[c];
    const auto& items = result.selected[c];
    CHECK(std::is_sorted(items.begin(), items.end()));
    CHECK(std::adjacent_find(items.begin(), items.end()) == items.end());
    CHECK(static_cast<std::int64_t>(items.size()) >= klass.min_kept);
    for (const auto j : items) {
      objective += klass.profits.at(static_cast<std::size_t>(j));
      CHECK(std::find(klass.never.begin(), klass.never.end(), j) == klass.never.end());
    }
    for (const auto j : klass.always) CHECK(std::binary_search(items.begin(), items.end(), j));
    for (std::size_t i = 0; i < room.size(); ++i) {
      room[i] -= static_cast<std::int64_t>(items.size()) * klass.weights[i];
    }
  }
  CHECK(objective == result.objective);
  CHECK(std::all_of(room.begin(), room.end(), [](auto left) { return left >= 0; }));
}

ClassFamily random_family(Random& random, std::int64_t items) {
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

/// The same items in another order.
Problem shuffled(Random& random, const Problem& problem) {
  std::vector<int> order(static_cast<std::size_t>(problem.num_items()));
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t k = order.size(); k > 1; --k) {
    std::swap(order[k - 1],
              order[static_cast<std::size_t>(random.integer(0, static_cast<int>(k) - 1))]);
  }
  std::vector<std::int64_t> profits;
  std::vector<std::int64_t> weights;
  for (const int j : order) profits.push_back(problem.profits()[static_cast<std::size_t>(j)]);
  for (int i = 0; i < problem.num_rows(); ++i) {
    for (const int j : order) weights.push_back(problem.weight(i, j));
  }
  return {std::move(profits),
          std::move(weights),
          {problem.capacities().begin(), problem.capacities().end()}};
}

struct Outcomes {
  int infeasible = 0;
  int general = 0;  ///< left to the general search
};

void compare_with_all_counts(std::uint64_t seed, Outcomes& outcomes) {
  CAPTURE(seed);
  Random random(seed);
  ClassFamily family = random_family(random, 14);
  family.has_floors = random.chance(0.4);
  family.has_fixed = random.chance(0.3);
  const ClassedProblem problem = random_classed(random, family);
  const auto expected = best_of_all_counts(problem);
  const ClassedResult result = solve_classed(problem);
  if (!expected) {
    CHECK(result.status == Status::kInfeasible);
    ++outcomes.infeasible;
    return;
  }
  REQUIRE(result.status == Status::kOptimal);
  CHECK(result.objective == *expected);
  CHECK(result.bound == result.objective);
  check_selection(problem, result);
  outcomes.general += result.statistics.general_items > 0 ? 1 : 0;
}

}  // namespace

TEST_CASE("small classed problems are solved like by looking at all counts",
          "[classes][property]") {
  Outcomes outcomes;
  for (std::uint64_t seed = 0; seed < 12000; ++seed) compare_with_all_counts(seed, outcomes);
  CHECK(outcomes.infeasible > 100);
  CHECK(outcomes.infeasible < 6000);
  CAPTURE(outcomes.general);
  CHECK(outcomes.general < 1200);
}

// Not part of the normal runs: ESPALIER_FUZZ_SECONDS=600 classes_test "[fuzz]"
TEST_CASE("classed problems are solved right for as long as one likes", "[.][fuzz]") {
  const auto end = std::chrono::steady_clock::now() + espalier::tests::fuzzing_time();
  Outcomes outcomes;
  std::uint64_t seed = std::uint64_t{1} << 32;
  while (std::chrono::steady_clock::now() < end) compare_with_all_counts(++seed, outcomes);
  WARN("problems compared: " << seed - (std::uint64_t{1} << 32));
}

TEST_CASE("classed problems of some hundred items are solved as by the general search",
          "[classes][property]") {
  int compared = 0;
  for (int seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    Random random(static_cast<std::uint64_t>(seed));
    ClassFamily family = random_family(random, 400);
    family.classes = static_cast<int>(random.integer(2, 30));
    family.profits = kAllProfitKinds[seed % 4];
    const ClassedProblem problem = random_classed(random, family);
    const ClassedResult result = solve_classed(problem);
    REQUIRE(result.status == Status::kOptimal);
    check_selection(problem, result);
    const Result general = solve(expand(problem), {.node_limit = 4000, .item_classes = false});
    CHECK(result.objective >= general.objective);
    CHECK(result.objective <= general.bound);
    compared += general.status == Status::kOptimal ? 1 : 0;
  }
  CHECK(compared > 200);
}

TEST_CASE("a plain problem is solved by its classes as without them", "[classes][property]") {
  int grouped = 0;
  for (int seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    Random random(static_cast<std::uint64_t>(seed));
    ClassFamily family = random_family(random, 700);
    family.items = random.integer(200, 700);
    family.scale = 1000000;
    family.profits = kAllProfitKinds[seed % 3];
    const Problem plain = shuffled(random, expand(random_classed(random, family)));
    const Result by_classes = solve(plain);
    const Result general = solve(plain, {.node_limit = 20000, .item_classes = false});
    REQUIRE(by_classes.status == Status::kOptimal);
    CHECK(objective_of(plain, by_classes.selected) == by_classes.objective);
    CHECK(is_feasible(plain, by_classes.selected));
    CHECK(by_classes.objective >= general.objective);
    CHECK(by_classes.objective <= general.bound);
    CHECK(by_classes.statistics.root_lp_bound >= static_cast<double>(by_classes.objective) - 1e-6);
    grouped += by_classes.statistics.nodes == 0 ? 1 : 0;
  }
  CHECK(grouped > 150);
}
