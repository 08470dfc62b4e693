#pragma once

#include "espalier/solver/options.hpp"
#include "espalier/solver/problem.hpp"
#include "espalier/solver/progress.hpp"
#include "espalier/solver/result.hpp"

namespace espalier::solver {

/// Solves the problem to proven optimality, or until a limit of the options ends the search.
///
/// Every objective and bound holds in exact integer arithmetic. No global state: any number of
/// solves may run at once, each with its own threads. Without an observer nothing is reported;
/// the library never prints. Throws Error when the options or the starting solution are invalid.
Result solve(const Problem& problem, const SolveOptions& options = {},
             Observer* observer = nullptr);

}  // namespace espalier::solver
