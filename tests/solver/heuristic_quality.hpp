#pragma once

#include <cstdint>

#include <catch2/catch.hpp>

#include "espalier/solver/solve.hpp"

#include "hard_problem.hpp"
#include "presolve/presolve.hpp"

namespace espalier::tests {

/// Holds a heuristic against exact solves of 300 random problems of up to 60 items and 6 rows: it
/// never finds more than the optimum, and mostly that. `best_of(core, seed)` returns the objective
/// of its best solution.
template <typename Heuristic>
void check_quality(std::uint64_t seed, const Heuristic& best_of) {
  int optima = 0;
  int problems = 0;
  Random random(seed);
  for (int round = 0; round < 300; ++round) {
    const auto family = static_cast<Family>(round % 4);
    const int items = static_cast<int>(random.integer(2, 60));
    const int rows = static_cast<int>(random.integer(1, 6));
    const solver::Problem problem = random_problem(random, family, items, rows, 1000);
    const solver::PresolvedProblem presolved = solver::presolve(problem, true);
    if (presolved.is_infeasible || presolved.core.num_items == 0) continue;
    const solver::Result exact = solver::solve(problem, {});
    REQUIRE(exact.status == solver::Status::kOptimal);
    const std::int64_t found =
        presolved.original_objective(best_of(presolved.core, static_cast<std::uint64_t>(round)));
    CAPTURE(round, items, rows);
    CHECK(found <= exact.objective);
    ++problems;
    if (found == exact.objective) ++optima;
  }
  CAPTURE(optima, problems);
  CHECK(problems >= 150);
  CHECK(optima >= problems * 9 / 10);
}

}  // namespace espalier::tests
