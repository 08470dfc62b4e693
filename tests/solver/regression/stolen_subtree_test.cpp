#include <catch2/catch.hpp>

#include "espalier/solver/solve.hpp"

namespace espalier::solver {
namespace {

// A subtree that changed threads was bounded with the right side of sum x = k of the thread's own
// last root. It took numbers too large for exact doubles, several roots and unlucky timing: 13 of
// 1000 runs with four threads ended in 21688949042747 "optimal".
TEST_CASE("a subtree keeps its number of chosen items when another thread takes it",
          "[solver][regression]") {
  const Problem problem({8432359252410, 4089467451582, 7100857966269, 7289570379888, 6767191640592,
                         3209053245008, 4458493880121, 8772185203299, 4112891846689, 6215613356275},
                        {6113031762186,
                         2005589993302,
                         4276988209384,
                         4669344918200,
                         7874462579648,
                         786927470400,
                         4826736001798,
                         8670812433928,
                         3813499374496,
                         3344037530176,
                         0,
                         0,
                         0,
                         0,
                         0,
                         0,
                         0,
                         0,
                         0,
                         0},
                        {12986263599152, 0});
  for (int run = 0; run < 500; ++run) {
    const Result result = solve(problem, {.threads = 4,
                                          .presolve = false,
                                          .cuts = false,
                                          .heuristics = false,
                                          .optimistic_targets = false,
                                          .one_row_engine = false});
    REQUIRE(result.status == Status::kOptimal);
    REQUIRE(result.objective == 21946493305275);
    REQUIRE(result.bound == 21946493305275);
  }
}

}  // namespace
}  // namespace espalier::solver
