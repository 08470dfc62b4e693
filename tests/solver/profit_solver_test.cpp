// Sequences of changed profits, floors and capacities, each solved by one ProfitSolver and from
// scratch.

#include "espalier/solver/profit_solver.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

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
using espalier::tests::draw_profit;
using espalier::tests::ProfitKind;
using espalier::tests::random_classed;
using espalier::tests::random_family;

/// Makes the same changes to a solver and to plain lists, from which the problem is built anew.
class ChangedProblem {
 public:
  ChangedProblem(Random& random, const ClassFamily& family, const ClassedProblem& problem)
      : random_(random),
        family_(family),
        solver_(problem),
        classes_(problem.classes().begin(), problem.classes().end()),
        capacities_(problem.capacities().begin(), problem.capacities().end()),
        first_capacities_(capacities_) {}

  void change() {
    switch (random_.integer(0, 9)) {
      case 0:
      case 1:
        return change_all();
      case 2:
        for (int k = 0; k < 2; ++k) change_class(some_class(), some_amount());
        return;
      case 3:
      case 4:
      case 5:
        return change_some(0.001 + 0.05 * random_.uniform());
      case 6:
        for (int k = 0; k < 3; ++k) change_item(some_class());
        return;
      case 7:
        return change_floor(some_class());
      case 8:
        return change_capacities(0.02);
      default:
        return change_capacities(1.0);
    }
  }

  const ClassedResult& solve(const SolveOptions& options = {}) { return solver_.solve(options); }
  ClassedProblem anew() const { return {classes_, capacities_}; }

 private:
  std::size_t some_class() {
    return static_cast<std::size_t>(
        random_.integer(0, static_cast<std::int64_t>(classes_.size()) - 1));
  }
  double some_amount() {
    constexpr double kAmounts[] = {0.0, 1e-6, 1e-3, 0.01, 0.01, 0.2, 2.0};
    return kAmounts[random_.integer(0, 6)];
  }

  std::int64_t changed(std::int64_t profit, double amount, std::int64_t weight) {
    if (amount > 1.0) return draw_profit(random_, family_, weight);
    return std::llround(static_cast<double>(profit) * (1.0 + amount * random_.normal()));
  }

  void change_all() {
    const double amount = some_amount();
    const double factor = random_.chance(0.2) ? 0.5 + random_.uniform() : 1.0;
    for (std::size_t c = 0; c < classes_.size(); ++c) change_class(c, amount, factor);
  }

  void change_class(std::size_t c, double amount, double factor = 1.0) {
    auto& profits = classes_[c].profits;
    const auto before = profits;
    for (auto& p : profits) {
      p = std::llround(static_cast<double>(changed(p, amount, classes_[c].weights[0])) * factor);
    }
    CHECK(solver_.set_profits(c, profits) == before);
  }

  void change_some(double part) {
    const double amount = some_amount();
    for (std::size_t c = 0; c < classes_.size(); ++c) {
      auto& profits = classes_[c].profits;
      std::vector<ProfitChange> changes;
      for (std::size_t j = 0; j < profits.size(); ++j) {
        if (random_.uniform() >= part) continue;
        const auto p = changed(profits[j], amount, classes_[c].weights[0]);
        changes.push_back({static_cast<std::int32_t>(j), p});
        if (random_.chance(0.1)) changes.push_back({static_cast<std::int32_t>(j), p + 1});
        profits[j] = changes.back().profit;
      }
      if (random_.chance(0.5)) std::stable_sort(changes.begin(), changes.end(), later_items_first);
      solver_.change_profits(c, changes);
    }
  }

  static bool later_items_first(const ProfitChange& a, const ProfitChange& b) {
    return a.position > b.position;
  }

  void change_item(std::size_t c) {
    auto& profits = classes_[c].profits;
    if (profits.empty()) return;
    const auto j = random_.integer(0, static_cast<std::int64_t>(profits.size()) - 1);
    auto& p = profits[static_cast<std::size_t>(j)];
    const ProfitChange change{static_cast<std::int32_t>(j),
                              draw_profit(random_, family_, classes_[c].weights[0])};
    CHECK(solver_.change_profits(c, {&change, 1}).front().profit ==
          std::exchange(p, change.profit));
  }

  void change_floor(std::size_t c) {
    ItemClass& klass = classes_[c];
    const auto available = static_cast<std::int64_t>(klass.profits.size() - klass.never.size());
    klass.min_kept = random_.integer(0, std::min<std::int64_t>(available, 1 + available / 8));
    solver_.set_min_kept(c, klass.min_kept);
  }

  void change_capacities(double amount) {
    for (std::size_t i = 0; i < capacities_.size(); ++i) {
      const auto b = static_cast<double>(amount < 1.0 ? capacities_[i] : first_capacities_[i]);
      capacities_[i] = static_cast<std::int64_t>(b * (1.0 + amount * (random_.uniform() - 0.5)));
    }
    solver_.set_capacities(capacities_);
  }

  Random& random_;
  const ClassFamily& family_;
  ProfitSolver solver_;
  std::vector<ItemClass> classes_;
  std::vector<std::int64_t> capacities_;
  std::vector<std::int64_t> first_capacities_;
};

struct Outcomes {
  int solved = 0;
  int infeasible = 0;
  std::int64_t items = 0;         ///< of the solved problems
  std::int64_t window_items = 0;  ///< of these: sorted
};

void compare_with_all_counts(std::uint64_t seed, Outcomes& outcomes) {
  CAPTURE(seed);
  Random random(seed);
  ClassFamily family = random_family(random, 13);
  family.has_floors = random.chance(0.4);
  family.has_fixed = random.chance(0.3);
  ChangedProblem changed(random, family, random_classed(random, family));
  for (int step = 0; step < 6; ++step) {
    CAPTURE(step);
    const ClassedProblem problem = changed.anew();
    const auto expected = best_of_all_counts(problem);
    const ClassedResult& result = changed.solve();
    if (expected) {
      REQUIRE(result.status == Status::kOptimal);
      CHECK(result.objective == *expected);
      CHECK(result.bound == result.objective);
      check_selection(problem, result);
      ++outcomes.solved;
    } else {
      CHECK(result.status == Status::kInfeasible);
      CHECK(result.selected.empty());
      ++outcomes.infeasible;
    }
    changed.change();
  }
}

/// Classes of thousands of items, whose windows leave out most of them.
void compare_with_cold_solves(std::uint64_t seed, Outcomes& outcomes) {
  CAPTURE(seed);
  Random random(seed);
  ClassFamily family = random_family(random, 1);
  family.classes = static_cast<int>(random.integer(1, 40));
  family.items = random.integer(500, 60000);
  // Many nearly equal sums would be a matter of the search, not of the windows.
  constexpr ProfitKind kKinds[] = {ProfitKind::kUniform, ProfitKind::kNormal,
                                   ProfitKind::kHeavyTailed, ProfitKind::kManyTies};
  family.scale = 100'000'000;
  family.profits = kKinds[seed % 10 == 3 ? 3 : seed % 3];
  family.max_weight = random.integer(3, 9);
  family.tightness = 0.05 + 0.9 * random.uniform();
  family.has_floors = random.chance(0.2);
  family.has_fixed = random.chance(0.1);
  ChangedProblem changed(random, family, random_classed(random, family));
  for (int step = 0; step < 8; ++step) {
    CAPTURE(step);
    const ClassedProblem problem = changed.anew();
    // Some of these would take the search long; they are compared by their bounds.
    const SolveOptions options = {.threads = seed % 5 == 0 ? 2 : 1, .time_limit_seconds = 0.3};
    const ClassedResult& result = changed.solve(options);
    const ClassedResult cold = solve_classed(problem, options);
    if (cold.status == Status::kInfeasible || result.status == Status::kInfeasible) {
      CHECK(result.status == cold.status);
      ++outcomes.infeasible;
    } else {
      CHECK(result.objective <= cold.bound);
      CHECK(cold.objective <= result.bound);
      check_selection(problem, result);
      if (result.status == Status::kOptimal) CHECK(result.bound == result.objective);
      const bool are_solved = result.status == cold.status && cold.status == Status::kOptimal;
      outcomes.solved += are_solved ? 1 : 0;
      outcomes.items += problem.num_items();
      outcomes.window_items += result.statistics.window_items;
    }
    changed.change();
  }
}

}  // namespace

TEST_CASE("small changed problems are solved like by looking at all counts",
          "[profit_solver][property]") {
  Outcomes outcomes;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) compare_with_all_counts(seed, outcomes);
  CHECK(outcomes.solved > 10000);
  CHECK(outcomes.infeasible > 500);
}

TEST_CASE("changed problems of thousands of items are solved as from scratch",
          "[profit_solver][property]") {
  Outcomes outcomes;
  for (std::uint64_t seed = 0; seed < 40; ++seed) compare_with_cold_solves(seed, outcomes);
  CAPTURE(outcomes.solved, outcomes.items, outcomes.window_items);
  CHECK(outcomes.solved > 250);
  CHECK(outcomes.window_items < outcomes.items / 2);
}

// Not part of the normal runs: ESPALIER_FUZZ_SECONDS=600 classes_test "[fuzz]"
TEST_CASE("changed problems are solved right for as long as one likes", "[.][fuzz]") {
  const auto end = std::chrono::steady_clock::now() + espalier::tests::fuzzing_time();
  Outcomes outcomes;
  std::uint64_t seed = espalier::tests::first_fuzzing_seed();
  while (std::chrono::steady_clock::now() < end) {
    ++seed;
    for (std::uint64_t k = 0; k < 20; ++k) compare_with_all_counts(20 * seed + k, outcomes);
    compare_with_cold_solves(seed, outcomes);
  }
  WARN("problems compared: " << outcomes.solved + outcomes.infeasible);
}

TEST_CASE("a change that is refused leaves the problem as it was", "[profit_solver]") {
  ProfitSolver solver(ClassedProblem({{.weights = {1, 2}, .profits = {3, 4, 5}}}, {2, 4}));
  CHECK(solver.solve().objective == 9);
  const std::vector<ProfitChange> beyond = {{0, 7}, {3, 1}};
  CHECK_THROWS_WITH(solver.change_profits(0, beyond),
                    "item 3 of class 0 does not exist; expected 0 to 2");
  const std::vector<ProfitChange> huge = {{0, INT64_MAX}, {0, INT64_MAX}, {1, 7}};
  CHECK_THROWS_WITH(solver.change_profits(0, huge),
                    "magnitudes of the profits up to class 0 sum to 2^63 or more; expected less");
  CHECK_THROWS_WITH(solver.set_profits(0, {1, 2}), "found 2 profits of class 0; expected 3");
  CHECK_THROWS_AS(solver.set_profits(0, {INT64_MAX, 2, 3}), Error);
  CHECK_THROWS_WITH(solver.set_profits(1, {1, 2, 3}), "there is no class 1; expected 0 to 0");
  CHECK_THROWS_AS(solver.set_min_kept(0, 4), Error);
  CHECK_THROWS_AS(solver.set_capacities({1}), Error);
  CHECK_THROWS_AS(solver.solve({.threads = 0}), Error);
  CHECK(solver.solve().objective == 9);
  const std::vector<ProfitChange> fine = {{0, 8}, {2, -5}};
  CHECK(solver.change_profits(0, fine).back().profit == 5);
  CHECK(solver.solve().selected == std::vector<std::vector<std::int32_t>>{{0, 1}});
  CHECK(solver.problem().max_profit() == 8);
  solver.set_min_kept(0, 3);
  CHECK(solver.solve().status == Status::kInfeasible);
  solver.set_capacities({3, 6});
  CHECK(solver.solve().objective == 7);
}
