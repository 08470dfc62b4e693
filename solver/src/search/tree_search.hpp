#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "espalier/solver/progress.hpp"
#include "espalier/solver/result.hpp"

#include "search/search_context.hpp"

namespace espalier::solver {

/// Searches all root subproblems with the threads of the options, the most promising first, and
/// adds the counters to `statistics`. Returns the largest bound that a stopped search left open,
/// -1 when everything was searched.
///
/// Threads get work from a oneTBB task pool; a busy worker gives away the shallowest open node of
/// its depth-first stack whenever fewer pieces wait than there are threads.
std::int64_t search_tree(
    const LpModel& model, const SolveOptions& options, const GapRule& gap,
    const std::vector<RootSubproblem>& roots, Incumbent& incumbent, Limits& limits,
    const std::function<void(std::int64_t bound, std::int64_t open)>& heartbeat,
    Statistics& statistics);

}  // namespace espalier::solver
