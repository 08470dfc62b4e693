#include "one_row/one_row.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <stop_token>
#include <vector>

#include <catch2/catch.hpp>

#include "brute_force.hpp"
#include "dp_oracle.hpp"
#include "random_problem.hpp"

namespace {

using namespace espalier;
using solver::OneRowResult;
using solver::solve_one_row;
using solver::StopReason;
using tests::Family;

struct OneRow {
  std::vector<std::int64_t> profits;
  std::vector<std::int64_t> weights;
  std::int64_t capacity = 0;
};

/// The items of the problem's first row that the engine accepts: 0 < weight <= capacity.
OneRow accepted_items(const solver::Problem& problem) {
  OneRow one_row;
  one_row.capacity = problem.capacities()[0];
  for (int j = 0; j < problem.num_items(); ++j) {
    const std::int64_t weight = problem.weight(0, j);
    if (weight <= 0 || weight > one_row.capacity) continue;
    one_row.profits.push_back(problem.profits()[static_cast<std::size_t>(j)]);
    one_row.weights.push_back(weight);
  }
  return one_row;
}

void require_consistent(const OneRow& one_row, const OneRowResult& result) {
  std::int64_t profit = 0;
  std::int64_t weight = 0;
  for (const std::int32_t j : result.selected) {
    profit += one_row.profits.at(static_cast<std::size_t>(j));
    weight += one_row.weights.at(static_cast<std::size_t>(j));
  }
  REQUIRE(std::is_sorted(result.selected.begin(), result.selected.end()));
  REQUIRE(profit == result.objective);
  REQUIRE(weight <= one_row.capacity);
  REQUIRE(result.bound >= result.objective);
}

OneRow strongly_spread(int n, std::uint64_t seed, std::int64_t range = 1'000'000'000) {
  Random random(seed);
  OneRow one_row;
  for (int j = 0; j < n; ++j) {
    const std::int64_t weight = random.integer(1, range);
    one_row.weights.push_back(weight);
    one_row.profits.push_back(weight + range / 10);
    one_row.capacity += weight / 3;
  }
  one_row.capacity = std::max(one_row.capacity, range);
  return one_row;
}

}  // namespace

TEST_CASE("the one-row engine agrees with enumeration on small items of every family",
          "[one_row][property]") {
  Random random(20260401);
  std::map<bool, int> took_everything;
  int solved = 0;
  for (int trial = 0; trial < 20000; ++trial) {
    const Family family =
        tests::kAllFamilies[static_cast<std::size_t>(trial) % tests::kAllFamilies.size()];
    const int n = static_cast<int>(random.integer(1, 11));
    const std::int64_t range = trial % 3 == 0 ? 10 : 1000;
    const OneRow one_row = accepted_items(tests::random_problem(random, family, n, 1, range));
    if (one_row.profits.empty()) continue;
    CAPTURE(trial, one_row.profits, one_row.weights, one_row.capacity);
    const auto expected =
        tests::brute_force(solver::Problem(one_row.profits, one_row.weights, {one_row.capacity}));
    const OneRowResult result = solve_one_row(one_row.profits, one_row.weights, one_row.capacity);
    require_consistent(one_row, result);
    REQUIRE(result.proven);
    REQUIRE(result.stop_reason == StopReason::kNone);
    REQUIRE(result.objective == expected->objective);
    REQUIRE(result.bound == expected->objective);
    ++took_everything[result.selected.size() == one_row.profits.size()];
    ++solved;
  }
  CHECK(solved > 15000);
  CHECK(took_everything[false] > 8000);
  CHECK(took_everything[true] > 1000);
}

TEST_CASE("the one-row engine agrees with Bellman's table on larger instances",
          "[one_row][property]") {
  Random random(7);
  std::int64_t with_search = 0;
  for (int trial = 0; trial < 1500; ++trial) {
    const Family family =
        tests::kAllFamilies[static_cast<std::size_t>(trial) % tests::kAllFamilies.size()];
    if (family == Family::kHuge) continue;
    const int n = static_cast<int>(random.integer(20, 200));
    const std::int64_t range = family == Family::kGroups ? 30 : 200;
    const OneRow one_row = accepted_items(tests::random_problem(random, family, n, 1, range));
    if (one_row.profits.empty()) continue;
    CAPTURE(trial, n, one_row.capacity);
    const OneRowResult result = solve_one_row(one_row.profits, one_row.weights, one_row.capacity);
    require_consistent(one_row, result);
    REQUIRE(result.proven);
    REQUIRE(result.objective ==
            tests::dp_oracle(one_row.profits, one_row.weights, one_row.capacity));
    with_search += result.states > 0 ? 1 : 0;
  }
  CHECK(with_search > 500);
}

TEST_CASE("instances decided by the number of items agree with enumeration",
          "[one_row][property]") {
  Random random(17);
  int trials = 0;
  for (int trial = 0; trial < 300; ++trial) {
    const Family family =
        std::array{Family::kStronglyCorrelated, Family::kEvenOdd,
                   Family::kInverseStronglyCorrelated}[static_cast<std::size_t>(trial % 3)];
    const OneRow one_row = accepted_items(tests::random_problem(
        random, family, static_cast<int>(random.integer(12, 17)), 1, 1000000));
    if (one_row.profits.empty()) continue;
    CAPTURE(trial, one_row.profits, one_row.weights, one_row.capacity);
    const auto expected =
        tests::brute_force(solver::Problem(one_row.profits, one_row.weights, {one_row.capacity}));
    const OneRowResult result = solve_one_row(one_row.profits, one_row.weights, one_row.capacity);
    require_consistent(one_row, result);
    REQUIRE(result.proven);
    REQUIRE(result.objective == expected->objective);
    ++trials;
  }
  CHECK(trials > 250);
}

TEST_CASE("ten thousand strongly correlated items are proven", "[one_row]") {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const OneRow one_row = strongly_spread(10000, seed, 10'000'000);
    const OneRowResult result = solve_one_row(one_row.profits, one_row.weights, one_row.capacity);
    require_consistent(one_row, result);
    REQUIRE(result.proven);
    // Every item is worth its weight and a constant, so the best solutions have most items.
    std::vector<std::int64_t> weights = one_row.weights;
    std::sort(weights.begin(), weights.end());
    std::int64_t room = one_row.capacity;
    std::int64_t most = 0;
    while (weights[static_cast<std::size_t>(most)] <= room) {
      room -= weights[static_cast<std::size_t>(most++)];
    }
    REQUIRE(static_cast<std::int64_t>(result.selected.size()) == most);
    REQUIRE(result.objective <= one_row.capacity + most * 1'000'000);
  }
}

TEST_CASE("permuting the items and scaling the row change nothing", "[one_row][property]") {
  Random random(11);
  for (int trial = 0; trial < 300; ++trial) {
    const Family family =
        tests::kAllFamilies[static_cast<std::size_t>(trial) % tests::kAllFamilies.size()];
    if (family == Family::kHuge) continue;
    OneRow one_row = accepted_items(tests::random_problem(random, family, 60, 1, 5000));
    if (one_row.profits.empty()) continue;
    CAPTURE(trial);
    const OneRowResult before = solve_one_row(one_row.profits, one_row.weights, one_row.capacity);
    for (std::size_t j = one_row.profits.size(); j-- > 1;) {
      const auto other = static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(j)));
      std::swap(one_row.profits[j], one_row.profits[other]);
      std::swap(one_row.weights[j], one_row.weights[other]);
    }
    for (std::int64_t& weight : one_row.weights) weight *= 7;
    for (std::int64_t& profit : one_row.profits) profit *= 5;
    one_row.capacity = one_row.capacity * 7 + 6;
    const OneRowResult after = solve_one_row(one_row.profits, one_row.weights, one_row.capacity);
    require_consistent(one_row, after);
    REQUIRE(before.proven);
    REQUIRE(after.proven);
    REQUIRE(after.objective == 5 * before.objective);
  }
}

TEST_CASE("a hint at the optimum is proven best and one below it is improved", "[one_row]") {
  Random random(13);
  int improved = 0;
  for (int trial = 0; trial < 500; ++trial) {
    const OneRow one_row =
        accepted_items(tests::random_problem(random, Family::kWeaklyCorrelated, 40, 1, 300));
    if (one_row.profits.empty()) continue;
    const std::int64_t optimum =
        tests::dp_oracle(one_row.profits, one_row.weights, one_row.capacity);
    const OneRowResult at =
        solve_one_row(one_row.profits, one_row.weights, one_row.capacity, {}, optimum);
    REQUIRE(at.proven);
    REQUIRE(std::max(at.bound, optimum) == optimum);
    const OneRowResult below =
        solve_one_row(one_row.profits, one_row.weights, one_row.capacity, {}, optimum - 1);
    REQUIRE(below.proven);
    REQUIRE(below.objective == optimum);
    ++improved;
  }
  CHECK(improved > 450);
}

TEST_CASE("improvements are reported in ascending order and end at the objective", "[one_row]") {
  const OneRow one_row = strongly_spread(60, 3);
  std::vector<std::int64_t> objectives;
  const OneRowResult result =
      solve_one_row(one_row.profits, one_row.weights, one_row.capacity, {}, -1,
                    [&](std::int64_t objective, std::span<const std::int32_t> selected) {
                      std::int64_t profit = 0;
                      for (const std::int32_t j : selected) {
                        profit += one_row.profits[static_cast<std::size_t>(j)];
                      }
                      REQUIRE(profit == objective);
                      objectives.push_back(objective);
                    });
  REQUIRE_FALSE(objectives.empty());
  REQUIRE(std::is_sorted(objectives.begin(), objectives.end()));
  REQUIRE(objectives.back() == result.objective);
}

TEST_CASE("a stop request returns a feasible solution and a valid bound", "[one_row]") {
  const OneRow one_row = strongly_spread(200, 5);
  std::stop_source source;
  source.request_stop();
  const OneRowResult result = solve_one_row(one_row.profits, one_row.weights, one_row.capacity,
                                            {.stop = source.get_token()});
  require_consistent(one_row, result);
  REQUIRE_FALSE(result.proven);
  REQUIRE(result.stop_reason == StopReason::kInterrupt);
  REQUIRE(result.bound > result.objective);
}

TEST_CASE("a time limit of zero returns a feasible solution and a valid bound", "[one_row]") {
  const OneRow one_row = strongly_spread(200, 5);
  const OneRowResult result = solve_one_row(one_row.profits, one_row.weights, one_row.capacity,
                                            {.time_limit_seconds = 0.0});
  require_consistent(one_row, result);
  REQUIRE_FALSE(result.proven);
  REQUIRE(result.stop_reason == StopReason::kTimeLimit);
}

TEST_CASE("a tight memory limit ends with kMemoryLimit and bounds around the optimum",
          "[one_row]") {
  int ran_out = 0;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const OneRow one_row = strongly_spread(60, seed);
    const OneRowResult limited =
        solve_one_row(one_row.profits, one_row.weights, one_row.capacity, {.memory_limit_mib = 1});
    require_consistent(one_row, limited);
    if (limited.proven) continue;
    ++ran_out;
    REQUIRE(limited.stop_reason == StopReason::kMemoryLimit);
    const OneRowResult full = solve_one_row(one_row.profits, one_row.weights, one_row.capacity,
                                            {.time_limit_seconds = 5.0});
    REQUIRE(full.objective <= limited.bound);
    REQUIRE(full.bound >= limited.objective);
  }
  CHECK(ran_out > 0);
}

TEST_CASE("input that the engine does not take is refused", "[one_row]") {
  const std::vector<std::int64_t> two = {3, 4};
  const std::vector<std::int64_t> zero = {0, 4};
  REQUIRE_THROWS_AS(solve_one_row({}, {}, 5), InternalError);
  REQUIRE_THROWS_AS(solve_one_row(two, zero, 5), InternalError);
  REQUIRE_THROWS_AS(solve_one_row(zero, two, 5), InternalError);
  REQUIRE_THROWS_AS(solve_one_row(two, two, 3), InternalError);
}
