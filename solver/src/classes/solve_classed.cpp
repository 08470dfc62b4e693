#include <cmath>
#include <string>

#include "espalier/solver/classes.hpp"
#include "espalier/support/error.hpp"

#include "classes/class_windows.hpp"
#include "classes/open_classes.hpp"
#include "classes/window_solve.hpp"

namespace espalier::solver {
namespace {

void check_start(const ClassedProblem& problem, const ClassedStart& start) {
  if (start.multipliers.empty()) return;
  if (start.multipliers.size() != static_cast<std::size_t>(problem.num_rows())) {
    throw Error("the start has " + std::to_string(start.multipliers.size()) +
                " multipliers; expected one per row, " + std::to_string(problem.num_rows()));
  }
  for (const double y : start.multipliers) {
    if (!(y >= 0.0) || std::isinf(y)) {
      throw Error("a multiplier of the start is " + std::to_string(y) +
                  "; expected a finite number >= 0");
    }
  }
}

}  // namespace

ClassedResult solve_classed(const ClassedProblem& problem, const SolveOptions& options,
                            const ClassedStart& start) {
  check_options(options);
  check_start(problem, start);
  ClassedResult result;
  const WindowSolve solve(problem, options);
  const OpenClasses open(problem);
  if (open.is_infeasible()) {
    solve.refuse(result);
    return result;
  }
  ClassWindows windows(open, options.threads);
  LpPoint point = windows.narrow(start.multipliers);
  solve.run(open, windows, point, result);
  return result;
}

}  // namespace espalier::solver
