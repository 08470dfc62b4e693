#include "espalier/solver/frontier.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/solver/solve.hpp"
#include "espalier/support/error.hpp"

#include "classed_oracle.hpp"
#include "random_classes.hpp"

namespace {

using namespace espalier::solver;
using espalier::Error;
using espalier::Random;
using espalier::tests::best_of_all_counts;
using espalier::tests::ClassFamily;
using espalier::tests::expand;
using espalier::tests::kAllProfitKinds;
using espalier::tests::random_classed;
using espalier::tests::random_family;

std::vector<std::int64_t> row_sums(const ClassedProblem& problem) {
  std::vector<std::int64_t> sums(problem.capacities().size(), 0);
  for (const ItemClass& klass : problem.classes()) {
    for (std::size_t i = 0; i < sums.size(); ++i) {
      sums[i] += klass.weights[i] * static_cast<std::int64_t>(klass.profits.size());
    }
  }
  return sums;
}

/// Every row at the same part of its sum, from nothing to everything.
std::vector<std::vector<std::int64_t>> all_rows(const ClassedProblem& problem, int steps) {
  std::vector<int> rows(problem.capacities().size());
  std::iota(rows.begin(), rows.end(), 0);
  std::vector<std::vector<std::int64_t>> values;
  for (const std::int64_t sum : row_sums(problem)) values.push_back(budget_steps(0, sum, steps));
  return budget_line(problem.capacities(), rows, values);
}

}  // namespace

TEST_CASE("every point of a frontier is the optimum of a solve by itself", "[frontier][property]") {
  int infeasible = 0;
  for (int seed = 0; seed < 120; ++seed) {
    CAPTURE(seed);
    Random random(static_cast<std::uint64_t>(seed));
    ClassFamily family;
    family.rows = static_cast<int>(random.integer(1, 3));
    family.classes = static_cast<int>(random.integer(1, 8));
    family.items = random.integer(1, 600);
    family.scale = 100000;
    family.profits = kAllProfitKinds[seed % 6];
    family.has_floors = random.chance(0.3);
    family.has_fixed = random.chance(0.3);
    ClassedProblem problem = random_classed(random, family);
    const auto points = trace_frontier(problem, all_rows(problem, 40));
    REQUIRE(points.size() == 40);
    for (const FrontierPoint& point : points) {
      problem.set_capacities(point.capacities);
      const ClassedResult alone = solve_classed(problem);
      REQUIRE(point.status == alone.status);
      if (point.status == Status::kInfeasible) {
        ++infeasible;
        CHECK(point.counts.empty());
        continue;
      }
      CHECK(point.objective == alone.objective);
      CHECK(point.bound == point.objective);
      const auto items = best_items(problem, point.counts);
      std::int64_t objective = 0;
      for (std::size_t c = 0; c < items.size(); ++c) {
        CHECK(static_cast<std::int64_t>(items[c].size()) == point.counts[c]);
        for (const auto j : items[c]) {
          objective += problem.classes()[c].profits[static_cast<std::size_t>(j)];
        }
      }
      CHECK(objective == point.objective);
    }
  }
  CHECK(infeasible > 50);
}

TEST_CASE("every point of a small frontier is the best of all counts", "[frontier][property]") {
  int points = 0;
  int infeasible = 0;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    ClassFamily family = random_family(random, 12);
    family.has_floors = random.chance(0.3);
    family.has_fixed = random.chance(0.3);
    ClassedProblem problem = random_classed(random, family);
    for (const FrontierPoint& point : trace_frontier(problem, all_rows(problem, 6))) {
      problem.set_capacities(point.capacities);
      const auto expected = best_of_all_counts(problem);
      ++points;
      infeasible += expected ? 0 : 1;
      REQUIRE(point.status == (expected ? Status::kOptimal : Status::kInfeasible));
      if (expected) REQUIRE(point.objective == *expected);
    }
  }
  CHECK(points == 18000);
  CHECK(infeasible > 1000);
}

TEST_CASE("points of many classes in four rows are optima of solves by themselves",
          "[frontier][property]") {
  using Kind = espalier::tests::ProfitKind;
  for (const Kind profits : {Kind::kUniform, Kind::kNormal, Kind::kHeavyTailed}) {
    Random random(static_cast<std::uint64_t>(profits));
    ClassFamily family;
    family.rows = 4;
    family.classes = 60;
    family.items = 6000;
    family.scale = std::int64_t{1} << 36;
    family.profits = profits;
    ClassedProblem problem = random_classed(random, family);
    for (const FrontierPoint& point : trace_frontier(problem, all_rows(problem, 40))) {
      problem.set_capacities(point.capacities);
      REQUIRE(point.status == Status::kOptimal);
      CHECK(point.objective == solve_classed(problem).objective);
    }
  }
}

TEST_CASE("a frontier rises with its budgets and is the same for any number of threads",
          "[frontier][property]") {
  Random random(5);
  ClassFamily family;
  family.classes = 9;
  family.items = 5000;
  family.scale = 1 << 20;
  family.profits = espalier::tests::ProfitKind::kNormal;
  const ClassedProblem problem = random_classed(random, family);
  const auto budgets = all_rows(problem, 150);
  const auto one = trace_frontier(problem, budgets);
  const auto three = trace_frontier(problem, budgets, {.threads = 3});
  for (std::size_t k = 0; k < one.size(); ++k) {
    CHECK(one[k].objective == three[k].objective);
    CHECK(one[k].counts == three[k].counts);
    if (k > 0) CHECK(one[k].objective >= one[k - 1].objective);
  }
  CHECK(one.front().objective < one.back().objective);
}

TEST_CASE("a solver of budgets gives each its optimum in any order", "[frontier][property]") {
  int infeasible = 0;
  for (int seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    Random random(static_cast<std::uint64_t>(seed));
    ClassFamily family;
    family.rows = static_cast<int>(random.integer(1, 3));
    family.classes = static_cast<int>(random.integer(1, 12));
    family.items = random.integer(1, 400);
    family.scale = 100000;
    family.profits = kAllProfitKinds[seed % 5];
    family.has_floors = random.chance(0.3);
    ClassedProblem problem = random_classed(random, family);
    const auto sums = row_sums(problem);
    BudgetSolver solver(problem);
    for (int k = 0; k < 30; ++k) {
      std::vector<std::int64_t> capacities;
      for (const std::int64_t sum : sums) {
        capacities.push_back(k % 3 == 0 ? random.integer(0, sum) : sum * k / 30);
      }
      const FrontierPoint point = solver.solve(capacities);
      ClassedProblem other(problem);
      other.set_capacities(capacities);
      const ClassedResult alone = solve_classed(other);
      REQUIRE(point.status == alone.status);
      CHECK(point.objective == alone.objective);
      infeasible += point.status == Status::kInfeasible ? 1 : 0;
    }
  }
  CHECK(infeasible > 10);
}

TEST_CASE("a grid of budgets has every combination once, neighbours side by side", "[frontier]") {
  const std::vector<std::int64_t> base = {7, 8, 9};
  const std::vector<int> rows = {2, 0};
  const std::vector<std::vector<std::int64_t>> steps = {{1, 2, 3}, {10, 20, 30, 40}};
  auto grid = budget_grid(base, rows, steps);
  REQUIRE(grid.size() == 12);
  for (std::size_t k = 1; k < grid.size(); ++k) {
    int changes = 0;
    for (std::size_t i = 0; i < 3; ++i) changes += grid[k][i] != grid[k - 1][i] ? 1 : 0;
    CHECK(changes == 1);
  }
  CHECK(grid.front() == std::vector<std::int64_t>{10, 8, 1});
  std::sort(grid.begin(), grid.end());
  CHECK(std::adjacent_find(grid.begin(), grid.end()) == grid.end());
}

TEST_CASE("steps include both ends", "[frontier]") {
  CHECK(budget_steps(0, 10, 3) == std::vector<std::int64_t>{0, 5, 10});
  CHECK(budget_steps(10, 0, 3) == std::vector<std::int64_t>{10, 5, 0});
  CHECK(budget_steps(-3, 4, 2) == std::vector<std::int64_t>{-3, 4});
  CHECK_THROWS_AS(budget_steps(0, 10, 1), Error);
}

TEST_CASE("a plain problem goes through the frontier in classes", "[frontier]") {
  Random random(11);
  ClassFamily family;
  family.items = 60;
  const Problem plain = expand(random_classed(random, family));
  const ClassedItems grouped = group_into_classes(plain);
  std::vector<std::int32_t> all;
  for (const auto& items : grouped.items) all.insert(all.end(), items.begin(), items.end());
  std::sort(all.begin(), all.end());
  std::vector<std::int32_t> expected(60);
  std::iota(expected.begin(), expected.end(), 0);
  CHECK(all == expected);
  const auto points =
      trace_frontier(grouped.problem, std::vector<std::vector<std::int64_t>>{
                                          {plain.capacities().begin(), plain.capacities().end()}});
  CHECK(points.front().objective == solve(plain, {.item_classes = false}).objective);
}

TEST_CASE("what is wrong with a frontier is said", "[frontier]") {
  const ClassedProblem problem({{.weights = {1, 2}, .profits = {3, 4}}}, {2, 2});
  const std::vector<std::vector<std::int64_t>> short_one = {{1}};
  CHECK_THROWS_WITH(trace_frontier(problem, short_one),
                    "found 1 capacities; expected one per row, 2");
  CHECK_THROWS_WITH(BudgetSolver(problem).solve(std::vector<std::int64_t>{1}),
                    "found 1 capacities; expected one per row, 2");
  CHECK_THROWS_AS(BudgetSolver(problem, 0), Error);
  CHECK_THROWS_AS(best_items(problem, std::vector<std::int64_t>{3}), Error);
  CHECK_THROWS_AS(budget_line(problem.capacities(), std::vector<int>{2},
                              std::vector<std::vector<std::int64_t>>{{1, 2}}),
                  Error);
  CHECK_THROWS_AS(group_into_classes(Problem({1}, {-1}, {0})), Error);
}
