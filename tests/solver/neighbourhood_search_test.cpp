// Solutions from neighbourhoods: never better than the optimum, mostly as good; and in the middle of
// the tree search of a large problem.

#include <catch2/catch.hpp>

#include <vector>

#include "espalier/solver/solve.hpp"

#include "hard_problem.hpp"
#include "presolve/presolve.hpp"
#include "search/neighbourhood_search.hpp"

namespace espalier::solver {
namespace {

/// Objective of the best solution after `nodes` nodes, beginning with no item at all.
std::int64_t best_of_neighbourhoods(const CoreProblem& core, std::uint64_t seed,
                                    std::int64_t nodes) {
  const SolveOptions options;
  const GapRule gap;
  Limits limits(options);
  Incumbent incumbent(core, {});
  incumbent.offer({}, 'P');
  const LpModel model(core, false);
  const RootRelaxation root(core);
  NeighbourhoodSearch search({model, options, gap, incumbent, limits, {}}, root, seed);
  search.run(nodes);
  CHECK(core.profit_of(incumbent.items()) == incumbent.value());
  return incumbent.value();
}

TEST_CASE("neighbourhoods hold feasible solutions, mostly the optimum", "[solver][property]") {
  int optima = 0;
  int problems = 0;
  Random random(20);
  for (int round = 0; round < 300; ++round) {
    const auto family = static_cast<tests::Family>(round % 4);
    const int items = static_cast<int>(random.integer(2, 60));
    const int rows = static_cast<int>(random.integer(1, 6));
    const Problem problem = tests::random_problem(random, family, items, rows, 1000);
    const PresolvedProblem presolved = presolve(problem, true);
    if (presolved.is_infeasible || presolved.core.num_items == 0) continue;
    const Result exact = solve(problem, {});
    REQUIRE(exact.status == Status::kOptimal);
    const std::int64_t found = presolved.original_objective(
        best_of_neighbourhoods(presolved.core, static_cast<std::uint64_t>(round), 5000));
    CAPTURE(round, items, rows);
    CHECK(found <= exact.objective);
    ++problems;
    if (found == exact.objective) ++optima;
  }
  CAPTURE(optima, problems);
  CHECK(problems >= 150);
  CHECK(optima >= problems * 9 / 10);
}

TEST_CASE("neighbourhoods of a large problem beat what the first heuristics find", "[solver]") {
  const Problem problem = tests::chu_beasley(500, 10, 7);
  const PresolvedProblem presolved = presolve(problem, true);
  const std::int64_t few = best_of_neighbourhoods(presolved.core, 1, 2000);
  const std::int64_t many = best_of_neighbourhoods(presolved.core, 1, 60000);
  CHECK(many > few);
}

TEST_CASE("large problems are searched by neighbourhoods from several threads",
          "[solver][parallel]") {
  const Problem problem = tests::chu_beasley(400, 10, 8);
  for (const bool deterministic : {false, true}) {
    SolveOptions options{.threads = 2, .deterministic = deterministic};
    options.node_limit = 60000;
    const Result result = solve(problem, options);
    CAPTURE(deterministic);
    CHECK(result.status == Status::kFeasible);
    CHECK(is_feasible(problem, result.selected));
    CHECK(objective_of(problem, result.selected) == result.objective);
    CHECK(result.bound >= result.objective);
    if (!deterministic) continue;
    options.threads = 1;
    const Result alone = solve(problem, options);
    CHECK(alone.selected == result.selected);
    CHECK(alone.statistics.nodes == result.statistics.nodes);
  }
}

}  // namespace
}  // namespace espalier::solver
