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

#include "classed_oracle.hpp"
#include "fuzzing_time.hpp"
#include "random_classes.hpp"

namespace {

using namespace espalier::solver;
using espalier::Error;
using espalier::Random;
using espalier::tests::best_of_all_counts;
using espalier::tests::check_selection;
using espalier::tests::ClassFamily;
using espalier::tests::expand;
using espalier::tests::kAllProfitKinds;
using espalier::tests::ProfitKind;
using espalier::tests::random_classed;
using espalier::tests::random_family;

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
  const std::uint64_t first = espalier::tests::first_fuzzing_seed();
  std::uint64_t seed = first;
  while (std::chrono::steady_clock::now() < end) compare_with_all_counts(++seed, outcomes);
  WARN("problems compared: " << seed - first);
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

TEST_CASE("a start changes the time and not the optimum, however far off it is",
          "[classes][property]") {
  int used = 0;
  for (int seed = 0; seed < 400; ++seed) {
    CAPTURE(seed);
    Random random(static_cast<std::uint64_t>(seed));
    ClassFamily family = random_family(random, 600);
    family.profits = kAllProfitKinds[seed % 5];
    family.rows = static_cast<int>(random.integer(1, 3));
    family.has_floors = random.chance(0.3);
    const ClassedProblem problem = random_classed(random, family);
    const ClassedResult first = solve_classed(problem);
    if (first.status == Status::kInfeasible) continue;
    // Other profits and budgets: a little, or beyond recognition.
    const double change = seed % 2 == 0 ? 0.01 : 1.0;
    std::vector<ItemClass> classes(problem.classes().begin(), problem.classes().end());
    for (ItemClass& klass : classes) {
      for (auto& p : klass.profits) {
        p = static_cast<std::int64_t>(static_cast<double>(p) * (1.0 + change * random.normal()));
      }
    }
    std::vector<std::int64_t> capacities(problem.capacities().begin(), problem.capacities().end());
    for (auto& b : capacities)
      b -= static_cast<std::int64_t>(0.5 * change * static_cast<double>(b));
    const ClassedProblem next(std::move(classes), std::move(capacities));
    const ClassedResult cold = solve_classed(next);
    const ClassedResult warm = solve_classed(next, {}, first.next);
    REQUIRE(warm.status == cold.status);
    CHECK(warm.objective == cold.objective);
    if (warm.status == Status::kInfeasible) continue;
    check_selection(next, warm);
    ++used;
  }
  CHECK(used > 250);
}

TEST_CASE("a start that belongs to another problem is refused", "[classes]") {
  const ClassedProblem problem({{.weights = {1, 2}, .profits = {3, 4}}}, {2, 2});
  CHECK_THROWS_WITH(solve_classed(problem, {}, {.multipliers = {1.0}}),
                    "the start has 1 multipliers; expected one per row, 2");
  CHECK_THROWS_AS(solve_classed(problem, {}, {.multipliers = {-1.0, 1.0}}), Error);
  // Nonsense of the right shape is only slow.
  for (const std::vector<double>& multipliers :
       {std::vector<double>{7.0, 0.0}, {1e300, 1e-300}, {0.0, 0.0}, {1e18, 1e18}}) {
    CHECK(solve_classed(problem, {}, {.multipliers = multipliers}).objective == 4);
  }
}

TEST_CASE("adversarial classes are solved exactly", "[classes][property]") {
  struct Adversary {
    const char* name;
    ClassFamily family;
  };
  const auto family = [](int rows, int classes, std::int64_t items, double tightness) {
    ClassFamily made;
    made.rows = rows;
    made.classes = classes;
    made.items = items;
    made.tightness = tightness;
    made.scale = 100000;
    return made;
  };
  std::vector<Adversary> adversaries = {{"coprime weights", family(1, 12, 300, 0.4)},
                                        {"coprime weights in two rows", family(2, 8, 120, 0.4)},
                                        {"tight budgets", family(2, 20, 400, 0.01)},
                                        {"tight budgets in four rows", family(4, 20, 200, 0.02)},
                                        {"nearly parallel rows", family(2, 12, 300, 0.4)},
                                        {"hundreds of single items", family(2, 300, 300, 0.3)},
                                        {"single items in a row", family(1, 400, 400, 0.5)}};
  adversaries[0].family.max_weight = adversaries[1].family.max_weight = 99991;
  adversaries[4].family.parallel_rows = true;
  adversaries[5].family.max_weight = adversaries[6].family.max_weight = 1000;
  int compared = 0;
  for (const Adversary& adversary : adversaries) {
    for (int seed = 0; seed < 8; ++seed) {
      CAPTURE(adversary.name, seed);
      Random random(static_cast<std::uint64_t>(seed));
      ClassFamily drawn = adversary.family;
      drawn.profits = kAllProfitKinds[seed % 5];
      const ClassedProblem problem = random_classed(random, drawn);
      const ClassedResult result = solve_classed(problem);
      REQUIRE(result.status == Status::kOptimal);
      check_selection(problem, result);
      const Result general = solve(expand(problem), {.node_limit = 20000, .item_classes = false});
      CHECK(result.objective >= general.objective);
      CHECK(result.objective <= general.bound);
      compared += general.status == Status::kOptimal ? 1 : 0;
    }
  }
  CAPTURE(compared);
  CHECK(compared > 40);
}
