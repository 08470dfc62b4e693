#include "espalier/solver/check.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/support/random.hpp"

namespace {

using namespace espalier::solver;
using espalier::Random;

/// maximise 10 a + 7 b + 4 c + 3 d with two rows; optimum 14 with items 0 and 2.
Instance knapsack() {
  return read_instances_from_text("4 2 14\n10 7 4 3\n5 4 3 1\n2 3 0 1\n8 4\n", "k.dat").front();
}

ClaimedResult optimal_claim() {
  ClaimedResult claim;
  claim.instance = "k.dat";
  claim.status = "optimal";
  claim.objective = claim.bound = "14";
  claim.selected = {0, 2};
  claim.num_items = 4;
  claim.num_rows = 2;
  return claim;
}

std::string text_of(const CheckReport& report) {
  std::string text;
  for (const auto& problem : report.problems) text += problem + "\n";
  return text;
}

std::string verdict(const Instance& instance, const ClaimedResult& claim) {
  return text_of(check_result(instance, claim));
}

}  // namespace

TEST_CASE("a right result passes", "[check]") {
  const CheckReport report = check_result(knapsack(), optimal_claim());
  CHECK(text_of(report).empty());
  CHECK(report.ok());
  CHECK(report.feasible);
  CHECK(report.objective_agrees);
  CHECK(report.bound_consistent);
}

TEST_CASE("every wrong statement of a result is found", "[check]") {
  struct Mutation {
    const char* sentence;
    std::function<void(ClaimedResult&)> apply;
  };
  const std::vector<Mutation> mutations = {
      {"the status is 'best'", [](auto& c) { c.status = "best"; }},
      {"item 4 is selected; the instance has items 0 to 3",
       [](auto& c) {
         c.selected = {0, 4};
       }},
      {"item -1 is selected", [](auto& c) { c.selected = {-1}; }},
      {"item 2 is selected twice",
       [](auto& c) {
         c.selected = {0, 2, 2};
       }},
      {"row 0 holds 9; its capacity is 8",
       [](auto& c) {
         c.selected = {0, 2, 3};
       }},
      {"row 1 holds 5; its capacity is 4",
       [](auto& c) {
         c.selected = {0, 1};
       }},
      {"the objective is given as '15'; the selection has 14",
       [](auto& c) { c.objective = c.bound = "15"; }},
      {"the objective is given as '14.5'", [](auto& c) { c.objective = c.bound = "14.5"; }},
      {"the objective is given as ''", [](auto& c) { c.objective = ""; }},
      {"the objective is given as '-14'", [](auto& c) { c.objective = c.bound = "-14"; }},
      {"the objective is given as '1e999'", [](auto& c) { c.objective = c.bound = "1e999"; }},
      {"its bound 15 differs from its objective 14", [](auto& c) { c.bound = "15"; }},
      {"its bound 13 differs", [](auto& c) { c.bound = "13"; }},
      {"the bound is given as ''", [](auto& c) { c.bound = ""; }},
      {"the bound 13.99 is worse than the objective 14",
       [](auto& c) {
         c.status = "feasible";
         c.bound = "13.99";
       }},
      {"the result is for 5 items; the instance has 4", [](auto& c) { c.num_items = 5; }},
      {"the result is for 1 rows; the instance has 2", [](auto& c) { c.num_rows = 1; }},
      {"the result is for 'x'; the instance is 'k.dat'", [](auto& c) { c.instance = "x"; }},
      {"yet it selects items", [](auto& c) { c.status = "infeasible"; }},
      {"yet it claims an objective", [](auto& c) { c.status = "infeasible"; }},
      {"the items of negative weight (or none) are a solution",
       [](auto& c) {
         c.status = "infeasible";
         c.objective = c.bound = "";
         c.selected.clear();
       }},
  };
  for (const Mutation& mutation : mutations) {
    ClaimedResult claim = optimal_claim();
    mutation.apply(claim);
    CAPTURE(mutation.sentence);
    CHECK_THAT(verdict(knapsack(), claim), Catch::Contains(mutation.sentence));
  }
}

TEST_CASE("the same number in another notation is the same", "[check]") {
  for (const char* notation :
       {"14", "14.0", "1.4e1", "140e-1", "14.000000000000000000000000", "014"}) {
    CAPTURE(notation);
    ClaimedResult claim = optimal_claim();
    claim.objective = notation;
    CHECK(verdict(knapsack(), claim).empty());
  }
  for (const char* notation :
       {"14.0000000000000000000000001", "1.4", "140", "14e", "14e1", ".", "-", "1 4", "0x0e",
        "1.4.0", "99999999999999999999999999999999999999999", "nan", "14e-99999999"}) {
    CAPTURE(notation);
    ClaimedResult claim = optimal_claim();
    claim.objective = notation;
    CHECK_FALSE(verdict(knapsack(), claim).empty());
  }
}

TEST_CASE("a bound may be on the better side only", "[check]") {
  ClaimedResult claim = optimal_claim();
  claim.status = "feasible";
  claim.selected = {1};
  claim.objective = "7";
  for (const char* bound : {"7", "7.5", "14", "99999999999999999999"}) {
    claim.bound = bound;
    CHECK(verdict(knapsack(), claim).empty());
  }

  const Instance cover =
      read_instances_from_text("min: +3 x1 +2 x2 ;\n+1 x1 +1 x2 >= 1 ;\n", "c.opb").front();
  ClaimedResult least;
  least.status = "feasible";
  least.objective = "3";
  least.selected = {0};
  for (const char* bound : {"3", "2", "-100"}) {
    least.bound = bound;
    CHECK(verdict(cover, least).empty());
  }
  least.bound = "4";
  CHECK_THAT(verdict(cover, least), Catch::Contains("is worse than the objective"));
  least.bound = "3";
  least.selected = {};
  CHECK_THAT(verdict(cover, least), Catch::Contains("row 0 holds 0; its capacity is -1"));
}

TEST_CASE("infeasibility is recomputed", "[check]") {
  ClaimedResult claim;
  claim.status = "infeasible";
  const auto read = [](const char* text) { return read_instances_from_text(text, "i").front(); };
  CHECK(verdict(read("1 1 0\n1\n1\n-1\n"), claim).empty());
  CHECK(verdict(read("min: 1 x1 1 x2 ;\n1 x1 1 x2 >= 3 ;\n"), claim).empty());
  CHECK_FALSE(verdict(read("min: 1 x1 1 x2 ;\n1 x1 1 x2 >= 2 ;\n"), claim).empty());
}

TEST_CASE("offset, scale and sense are part of the objective", "[check]") {
  const Instance lp =
      read_instances_from_text(
          "Minimize\n obj: 2.5 x - 1.25 y - 10\nst\n x + y <= 2\nBinary\n x y\nEnd\n", "a.lp")
          .front();
  ClaimedResult claim;
  claim.status = "optimal";
  claim.objective = claim.bound = "-11.25";
  claim.selected = {1};
  CHECK(verdict(lp, claim).empty());
  claim.objective = claim.bound = "-12.5";
  CHECK_THAT(verdict(lp, claim), Catch::Contains("the selection has -11.25"));
}

TEST_CASE("sums at the edge of 63 bits are exact", "[check]") {
  const Instance wide = read_instances_from_text(
                            "2 1 0\n9223372036854775806 1\n4611686018427387903 1\n"
                            "4611686018427387903\n",
                            "wide")
                            .front();
  ClaimedResult claim;
  claim.status = "feasible";
  claim.objective = claim.bound = "9223372036854775807";
  claim.selected = {0, 1};
  CHECK_THAT(verdict(wide, claim), Catch::Contains("row 0 holds 4611686018427387904"));
  claim.selected = {0};
  claim.objective = "9223372036854775806";
  CHECK(verdict(wide, claim).empty());
  claim.objective = "9223372036854775806.5";
  CHECK_FALSE(verdict(wide, claim).empty());
}

TEST_CASE("a random selection passes exactly when it is feasible and priced right",
          "[check][property]") {
  int feasible = 0;
  int infeasible = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const int n = static_cast<int>(random.integer(1, 8));
    const int m = static_cast<int>(random.integer(1, 3));
    const auto draw = [&](int count, std::int64_t low, std::int64_t high) {
      std::vector<std::int64_t> values(static_cast<std::size_t>(count));
      for (auto& value : values) value = random.integer(low, high);
      return values;
    };
    Instance instance{.name = "random",
                      .problem = Problem(draw(n, -5, 20), draw(n * m, 0, 9), draw(m, 0, 20)),
                      .known_optimum = std::nullopt,
                      .sense = 1,
                      .scale = 1,
                      .offset = 0,
                      .item_names = {}};
    ClaimedResult claim;
    claim.status = "feasible";
    std::int64_t profit = 0;
    std::vector<std::int64_t> loads(static_cast<std::size_t>(m), 0);
    for (int j = 0; j < n; ++j) {
      if (!random.chance(0.5)) continue;
      claim.selected.push_back(j);
      profit += instance.problem.profits()[static_cast<std::size_t>(j)];
      for (int i = 0; i < m; ++i)
        loads[static_cast<std::size_t>(i)] += instance.problem.weight(i, j);
    }
    const bool fits = std::equal(loads.begin(), loads.end(), instance.problem.capacities().begin(),
                                 [](std::int64_t load, std::int64_t most) { return load <= most; });
    ++(fits ? feasible : infeasible);
    claim.objective = claim.bound = std::to_string(profit);
    CHECK(check_result(instance, claim).ok() == fits);
    CHECK(check_result(instance, claim).feasible == fits);
    claim.objective = claim.bound = std::to_string(profit + 1);
    CHECK_FALSE(check_result(instance, claim).ok());
  }
  CHECK(feasible > 200);
  CHECK(infeasible > 200);
}
