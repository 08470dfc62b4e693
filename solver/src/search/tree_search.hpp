#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "espalier/solver/result.hpp"

#include "search/search_context.hpp"

namespace espalier::solver {

/// Branch and bound over root subproblems with the threads of the options.
///
/// What the workers learn (pseudo-costs) lasts from one run to the next.
class TreeSearch {
 public:
  virtual ~TreeSearch() = default;

  /// Searches for solutions of `target` or more, the most promising roots first. Returns the
  /// largest bound that a stopped search left open, -1 when everything was searched: then no
  /// solution of `target` or more is better than the incumbent.
  virtual std::int64_t run(const std::vector<RootSubproblem>& roots, std::int64_t target) = 0;

  /// Counters of all runs.
  virtual Statistics statistics() const = 0;
};

/// Everything a search works with; all of it must outlive the search.
struct SearchSetting {
  const LpModel& model;
  const SolveOptions& options;
  const GapRule& gap;
  Incumbent& incumbent;
  Limits& limits;
  Heartbeat heartbeat;
};

/// Threads get work from a oneTBB task pool; a busy worker gives away the shallowest open node of
/// its depth-first stack whenever fewer pieces wait than there are threads.
std::unique_ptr<TreeSearch> make_parallel_search(SearchSetting setting);

/// The same tree for any number of threads: a fixed number of workers advance by fixed numbers of
/// nodes, and exchange solutions and work only in between.
std::unique_ptr<TreeSearch> make_deterministic_search(SearchSetting setting);

}  // namespace espalier::solver
