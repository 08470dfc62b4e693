// Relations between the answers to related problems; they need no oracle, so the problems may be
// larger than those that can be enumerated.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/solver/solve.hpp"

#include "judge_result.hpp"
#include "random_options.hpp"
#include "random_problem.hpp"
#include "shrink.hpp"

namespace {

using namespace espalier;
using tests::LooseProblem;

/// Families whose trees stay small without the reductions that undo a relation at once.
constexpr std::array kFamilies = {tests::Family::kUncorrelated, tests::Family::kWeaklyCorrelated,
                                  tests::Family::kStronglyCorrelated, tests::Family::kZeroWeights,
                                  tests::Family::kHuge};

/// A problem of 16 to 28 items and 2 to 6 rows.
LooseProblem draw_problem(Random& random) {
  const auto last = static_cast<std::int64_t>(kFamilies.size()) - 1;
  const auto family = kFamilies[static_cast<std::size_t>(random.integer(0, last))];
  const int n = static_cast<int>(random.integer(16, 28));
  const int m = static_cast<int>(random.integer(2, 6));
  LooseProblem problem(tests::random_problem(random, family, n, m, random.chance(0.5) ? 50 : 1000));
  if (family == tests::Family::kHuge) {  // a relation may need a second such row or item
    for (auto& row : problem.rows) {
      for (auto& a : row) a /= 8;
    }
    for (auto& b : problem.capacities) b /= 8;
    for (auto& p : problem.profits) p /= 8;
  }
  return problem;
}

/// Solves with random options and returns the proven optimum.
std::int64_t optimum(Random& random, const LooseProblem& loose) {
  const solver::Problem problem = loose.build();
  const solver::SolveOptions options = tests::random_options(random);
  const solver::Result result = solver::solve(problem, options);
  CAPTURE(tests::to_text(options), tests::to_text(problem));
  REQUIRE(result.status == solver::Status::kOptimal);
  REQUIRE(tests::judge_selection(problem, result) == "");
  REQUIRE(result.bound == result.objective);
  return result.objective;
}

template <typename T>
void permute(std::vector<T>& values, const std::vector<std::size_t>& order) {
  std::vector<T> moved;
  for (const std::size_t k : order) moved.push_back(values[k]);
  values = std::move(moved);
}

std::vector<std::size_t> random_order(Random& random, std::size_t size) {
  std::vector<std::size_t> order(size);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t k = size; k > 1; --k) {
    std::swap(order[k - 1],
              order[static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(k) - 1))]);
  }
  return order;
}

template <typename Relation>
void for_random_problems(std::uint64_t first_seed, Relation relation) {
  for (std::uint64_t seed = first_seed; seed < first_seed + 80; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const LooseProblem problem = draw_problem(random);
    relation(random, problem, optimum(random, problem));
  }
}

}  // namespace

TEST_CASE("the order of items and rows does not matter", "[solve][property]") {
  for_random_problems(1000, [](Random& random, LooseProblem problem, std::int64_t value) {
    const auto items = random_order(random, problem.profits.size());
    const auto rows = random_order(random, problem.rows.size());
    permute(problem.profits, items);
    for (auto& row : problem.rows) permute(row, items);
    permute(problem.rows, rows);
    permute(problem.capacities, rows);
    REQUIRE(optimum(random, problem) == value);
  });
}

TEST_CASE("a multiple of a row is the same row", "[solve][property]") {
  for_random_problems(2000, [](Random& random, LooseProblem problem, std::int64_t value) {
    const std::int64_t factor = random.integer(2, 7);
    for (auto& a : problem.rows[0]) a *= factor;
    problem.capacities[0] = problem.capacities[0] * factor + random.integer(0, factor - 1);
    REQUIRE(optimum(random, problem) == value);
  });
}

TEST_CASE("multiples of the profits multiply the optimum", "[solve][property]") {
  for_random_problems(3000, [](Random& random, LooseProblem problem, std::int64_t value) {
    const std::int64_t factor = random.integer(2, 7);
    for (auto& p : problem.profits) p *= factor;
    REQUIRE(optimum(random, problem) == value * factor);
  });
}

TEST_CASE("items that bring nothing or do not fit change nothing", "[solve][property]") {
  for_random_problems(4000, [](Random& random, LooseProblem problem, std::int64_t value) {
    const bool brings_nothing = random.chance(0.5);
    problem.profits.push_back(brings_nothing ? random.integer(-9, 0) : random.integer(1, 9));
    for (std::size_t i = 0; i < problem.rows.size(); ++i) {
      const bool is_too_heavy = !brings_nothing && i == 0;
      problem.rows[i].push_back(is_too_heavy ? problem.capacities[i] + 1 : random.integer(0, 20));
    }
    REQUIRE(optimum(random, problem) == value);
  });
}

TEST_CASE("an item without weight adds its profit", "[solve][property]") {
  for_random_problems(5000, [](Random& random, LooseProblem problem, std::int64_t value) {
    const std::int64_t profit = random.integer(1, 1000);
    problem.profits.insert(problem.profits.begin(), profit);
    for (auto& row : problem.rows) row.insert(row.begin(), 0);
    REQUIRE(optimum(random, problem) == value + profit);
  });
}

TEST_CASE("more capacity never makes the optimum worse, less never better", "[solve][property]") {
  int changed = 0;
  for_random_problems(6000, [&](Random& random, LooseProblem problem, std::int64_t value) {
    const auto last = static_cast<std::int64_t>(problem.rows.size()) - 1;
    auto& capacity = problem.capacities[static_cast<std::size_t>(random.integer(0, last))];
    const std::int64_t before = capacity;
    capacity += capacity / 10 + 1;
    const std::int64_t more = optimum(random, problem);
    REQUIRE(more >= value);
    capacity = before - before / 10;
    const std::int64_t less = optimum(random, problem);
    REQUIRE(less <= value);
    changed += (more > value ? 1 : 0) + (less < value ? 1 : 0);
  });
  CHECK(changed > 20);
}

TEST_CASE("choosing what to leave out is the same problem", "[solve][property]") {
  for_random_problems(7000, [](Random& random, LooseProblem problem, std::int64_t value) {
    std::int64_t offset = 0;
    for (std::size_t j = 0; j < problem.profits.size(); ++j) {
      if (random.chance(0.5)) continue;
      offset += problem.profits[j];
      problem.profits[j] = -problem.profits[j];
      for (std::size_t i = 0; i < problem.rows.size(); ++i) {
        problem.capacities[i] -= problem.rows[i][j];
        problem.rows[i][j] = -problem.rows[i][j];
      }
    }
    REQUIRE(optimum(random, problem) + offset == value);
  });
}

TEST_CASE("repeating a row, or weakening it, changes nothing", "[solve][property]") {
  for_random_problems(8000, [](Random& random, LooseProblem problem, std::int64_t value) {
    problem.rows.push_back(problem.rows[0]);
    problem.capacities.push_back(problem.capacities[0]);
    problem.rows.push_back(problem.rows[1]);
    for (auto& a : problem.rows.back()) a -= random.integer(0, a);
    problem.capacities.push_back(problem.capacities[1] + random.integer(0, 5));
    REQUIRE(optimum(random, problem) == value);
  });
}

TEST_CASE("a starting solution, even the best one, changes nothing", "[solve][property]") {
  for_random_problems(9000, [](Random& random, const LooseProblem& loose, std::int64_t value) {
    const solver::Problem problem = loose.build();
    solver::SolveOptions options = tests::random_options(random);
    options.start = solver::solve(problem).selected;
    if (random.chance(0.5) && !options.start.empty()) options.start.pop_back();
    const solver::Result result = solver::solve(problem, options);
    REQUIRE(tests::judge_optimal(problem, result, value) == "");
  });
}

TEST_CASE("a gap asked for is kept, and its bound holds", "[solve][property]") {
  int not_optimal = 0;
  for_random_problems(10000, [&](Random& random, LooseProblem loose, std::int64_t value) {
    if (random.chance(0.3)) {  // a constant that makes the objective negative
      loose.profits.push_back(-2 * value - 10);
      for (std::size_t i = 0; i < loose.rows.size(); ++i) {
        loose.rows[i].push_back(-1 - loose.capacities[i]);
        loose.capacities[i] = -1;
      }
      value += loose.profits.back();
    }
    const solver::Problem problem = loose.build();
    for (int trial = 0; trial < 4; ++trial) {
      solver::SolveOptions options = tests::random_options(random);
      options.absolute_gap = trial % 2 == 0 ? random.integer(0, std::abs(value) / 10 + 1) : 0;
      if (trial % 2 == 1)
        options.relative_gap = std::vector{
            0.001, 0.03, 0.7,
            5.0}[static_cast<std::size_t>(trial / 2 * 2 + (random.chance(0.5) ? 1 : 0))];
      CAPTURE(options.absolute_gap, options.relative_gap, value);
      const solver::Result result = solver::solve(problem, options);
      REQUIRE(result.status == solver::Status::kOptimal);
      REQUIRE(tests::judge_selection(problem, result) == "");
      REQUIRE(result.objective <= value);
      REQUIRE(result.bound >= value);
      const double distance = static_cast<double>(result.bound - result.objective);
      const double relative =
          options.relative_gap * std::abs(static_cast<double>(result.objective)) * (1.0 + 1e-12);
      REQUIRE(distance <= std::max(static_cast<double>(options.absolute_gap), relative));
      if (result.objective < value) ++not_optimal;
    }
  });
  CHECK(not_optimal > 20);
}
