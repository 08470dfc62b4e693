// Found by cancelling solves at random: profits that follow the weights, all large, make reduced
// costs that are nothing but rounding errors, and more items with a positive one than fit. The
// local search took them all for good and offered an infeasible solution, which stopped the solve.

#include <catch2/catch.hpp>

#include "espalier/solver/solve.hpp"

#include "hard_problem.hpp"
#include "judge_result.hpp"

TEST_CASE("items that are settled by rounded reduced costs fit", "[regression]") {
  using namespace espalier;
  const auto problem = tests::hard_row();
  const auto result = solver::solve(problem, {.node_limit = 2000, .one_row_engine = false});
  CHECK(tests::judge_selection(problem, result) == "");
}
