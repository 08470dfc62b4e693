#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "espalier/solver/result.hpp"

#include "search/search_context.hpp"

namespace espalier::solver {

/// Reports the progress of a search: the bound of all that is left, and how many pieces wait.
using Heartbeat = std::function<void(std::int64_t bound, std::int64_t open)>;

/// Branch and bound over root subproblems with the threads of the options.
///
/// Threads get work from a oneTBB task pool; a busy worker gives away the shallowest open node of
/// its depth-first stack whenever fewer pieces wait than there are threads. What the workers learn
/// (pseudo-costs) lasts from one run to the next.
class TreeSearch {
 public:
  TreeSearch(const LpModel& model, const SolveOptions& options, const GapRule& gap,
             Incumbent& incumbent, Limits& limits, Heartbeat heartbeat);
  ~TreeSearch();

  /// Searches for solutions of `target` or more, the most promising roots first. Returns the
  /// largest bound that a stopped search left open, -1 when everything was searched: then no
  /// solution of `target` or more is better than the incumbent.
  std::int64_t run(const std::vector<RootSubproblem>& roots, std::int64_t target);

  /// Counters of all runs.
  Statistics statistics() const;

 private:
  struct Pool;
  std::unique_ptr<Pool> pool_;
};

}  // namespace espalier::solver
