// Solutions from neighbourhoods: never better than the optimum, mostly as good; and in the middle
// of the tree search of a large problem.

#include "search/neighbourhood_search.hpp"

#include <vector>

#include <catch2/catch.hpp>

#include "espalier/solver/solve.hpp"

#include "hard_problem.hpp"
#include "heuristic_quality.hpp"
#include "presolve/presolve.hpp"

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
  tests::check_quality(20, [](const CoreProblem& core, std::uint64_t seed) {
    return best_of_neighbourhoods(core, seed, 5000);
  });
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
