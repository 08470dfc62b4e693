#include <chrono>
#include <cstdint>
#include <exception>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/solver/solve.hpp"

#include "brute_force.hpp"
#include "dp_oracle.hpp"
#include "fuzzing_time.hpp"
#include "judge_result.hpp"
#include "random_options.hpp"
#include "random_problem.hpp"
#include "shrink.hpp"
#include "twisted_problem.hpp"

namespace {

using namespace espalier;
using solver::Problem;
using solver::SolveOptions;

std::optional<std::int64_t> optimum_of(const Problem& problem) {
  const auto best = tests::brute_force(problem);
  return best ? std::optional(best->objective) : std::nullopt;
}

/// How often what happened, so that a generator that yields only one kind fails.
using Outcomes = std::map<std::string, int>;

void count(Outcomes& outcomes, const Problem& problem, const SolveOptions& options,
           const solver::Result& result) {
  ++outcomes[result.status == solver::Status::kInfeasible ? "infeasible" : "optimal"];
  if (options.threads > 1) ++outcomes["threads"];
  if (!options.start.empty()) ++outcomes["start"];
  if (result.statistics.nodes > 0) ++outcomes["tree"];
  if (result.statistics.nodes > 20) ++outcomes["large tree"];
  if (result.selected.empty()) ++outcomes["nothing taken"];
  if (result.selected.size() == static_cast<std::size_t>(problem.num_items())) {
    ++outcomes["everything taken"];
  }
  if (result.objective < 0) ++outcomes["negative optimum"];
  if (result.objective > std::int64_t{1} << 56) ++outcomes["huge optimum"];
}

/// Solves and says what is wrong, exceptions included.
std::string wrong_answer(const Problem& problem, const SolveOptions& options,
                         std::optional<std::int64_t> optimum, Outcomes* outcomes = nullptr) {
  try {
    const solver::Result result = solver::solve(problem, options);
    if (outcomes != nullptr) count(*outcomes, problem, options, result);
    return tests::judge_optimal(problem, result, optimum);
  } catch (const std::exception& error) {
    return std::string("throws: ") + error.what();
  }
}

/// Fails with the smallest problem of the same kind of failure.
void require_right(const Problem& problem, const SolveOptions& options,
                   std::optional<std::int64_t> optimum, Outcomes& outcomes) {
  const std::string wrong = wrong_answer(problem, options, optimum, &outcomes);
  if (wrong.empty()) return;
  SolveOptions simpler = options;
  simpler.start.clear();
  const auto fails = [&](const Problem& smaller) {
    if (smaller.num_items() > 20) return true;
    return !wrong_answer(smaller, simpler, optimum_of(smaller)).empty();
  };
  const bool shrinks = problem.num_items() <= 20 && fails(problem);
  FAIL(wrong << "\n"
             << tests::to_text(options) << "\n"
             << tests::to_text(shrinks ? tests::shrink(problem, fails) : problem));
}

int random_size(Random& random) {
  const double draw = random.uniform();
  if (draw < 0.02) return 1;
  if (draw < 0.88) return static_cast<int>(random.integer(2, 11));
  if (draw < 0.98) return static_cast<int>(random.integer(12, 14));
  return static_cast<int>(random.integer(15, 18));
}

/// One random problem with random options against enumeration.
void compare_with_enumeration(std::uint64_t seed, Outcomes& outcomes) {
  CAPTURE(seed);
  Random random(seed);
  const int n = random_size(random);
  const int m = static_cast<int>(random.integer(1, 8));
  const Problem problem = tests::twisted_problem(random, n, m);
  const auto best = tests::brute_force(problem);
  SolveOptions options = tests::random_options(random);
  if (best && random.chance(0.2)) {  // the optimum, or what remains of it, as a starting solution
    for (const auto j : best->selected) {
      const bool is_covering = problem.weight(0, j) < 0;
      if (is_covering || random.chance(0.8)) options.start.push_back(j);
    }
    if (!solver::is_feasible(problem, options.start)) options.start = best->selected;
  }
  if (best && best->num_feasible == std::int64_t{1} << n) ++outcomes["every selection feasible"];
  if (best && best->num_feasible == 1) ++outcomes["one selection feasible"];
  require_right(problem, options, best ? std::optional(best->objective) : std::nullopt, outcomes);
}

}  // namespace

TEST_CASE("solve() agrees with enumeration on twisted problems of every family, with any options",
          "[solve][property]") {
  Outcomes outcomes;
  constexpr int kTrials = 12000;
  for (std::uint64_t seed = 1; seed <= kTrials; ++seed) compare_with_enumeration(seed, outcomes);
  CHECK(outcomes["optimal"] + outcomes["infeasible"] == kTrials);
  CHECK(outcomes["infeasible"] > kTrials / 50);
  CHECK(outcomes["threads"] > kTrials / 12);
  CHECK(outcomes["start"] > kTrials / 12);
  CHECK(outcomes["tree"] > kTrials / 10);
  CHECK(outcomes["large tree"] > kTrials / 400);
  CHECK(outcomes["nothing taken"] > kTrials / 50);
  CHECK(outcomes["everything taken"] > kTrials / 200);
  CHECK(outcomes["negative optimum"] > kTrials / 100);
  CHECK(outcomes["huge optimum"] > kTrials / 50);
  CHECK(outcomes["every selection feasible"] > kTrials / 200);
  CHECK(outcomes["one selection feasible"] > kTrials / 100);
}

TEST_CASE("solve() agrees with a dynamic program on one and two rows of up to 30 items",
          "[solve][property]") {
  Outcomes outcomes;
  constexpr int kTrials = 1500;
  for (std::uint64_t seed = 1; seed <= kTrials; ++seed) {
    CAPTURE(seed);
    Random random(seed << 20);
    const int m = static_cast<int>(random.integer(1, 2));
    const SolveOptions options = tests::random_options(random);
    // Without these two, ties make trees of 30 items too large for a test.
    const bool is_strong = options.presolve && options.reduced_cost_fixing;
    const int n = static_cast<int>(random.integer(15, is_strong ? 30 : 20));
    const auto family = tests::kAllFamilies[seed % tests::kAllFamilies.size()];
    const bool is_large = family == tests::Family::kHuge || family == tests::Family::kGroups;
    const Problem problem =
        tests::random_problem(random, is_large ? tests::Family::kUncorrelated : family, n, m,
                              random.integer(3, m == 1 ? 1000 : 20));
    const auto optimum =
        m == 1 ? tests::dp_oracle(problem.profits(), problem.row(0), problem.capacities()[0])
               : tests::dp_oracle_two_rows(problem);
    require_right(problem, options, optimum, outcomes);
  }
  CHECK(outcomes["optimal"] == kTrials);
  CHECK(outcomes["tree"] > kTrials / 5);
  CHECK(outcomes["large tree"] > kTrials / 20);
}

// Not part of the normal runs: ESPALIER_FUZZ_SECONDS=600 solve_test "[fuzz]"
TEST_CASE("solve() agrees with enumeration for as long as one likes", "[.][fuzz]") {
  const auto end = std::chrono::steady_clock::now() + tests::fuzzing_time();
  Outcomes outcomes;
  std::uint64_t seed = tests::first_fuzzing_seed();
  while (std::chrono::steady_clock::now() < end) {
    compare_with_enumeration(++seed, outcomes);
  }
  for (const auto& [what, times] : outcomes) UNSCOPED_INFO(what << " " << times);
  CHECK(outcomes["tree"] > 0);
  WARN("problems compared: " << outcomes["optimal"] + outcomes["infeasible"]);
}
