#pragma once

#include <cstdint>

namespace espalier::solver {

/// Chooses optimistic targets for the tree search.
///
/// Without a good solution the search wastes most of its time on nodes that the optimum would cut
/// off. So it looks first for solutions close to the bound only: either there is one, and it cuts
/// off the rest of the same search, or the bound falls below the target, which is lowered. Trees
/// grow exponentially with the root of the distance between bound and target (measured); the
/// distances are chosen such that each search is expected to cost kGrowth times the one before, so
/// that all failed ones together cost a fraction of the last.
class TargetSchedule {
 public:
  /// `bound` is the proven bound, `incumbent` the best objective known.
  TargetSchedule(std::int64_t bound, std::int64_t incumbent);

  /// Solutions of this objective or more are to be looked for next; at least incumbent + 1.
  std::int64_t target() const noexcept { return target_; }

  /// Tells that the search for target() failed after this many nodes.
  void failed(std::int64_t nodes);

  /// Nodes that a search for `objective` is expected to cost; 0 where nothing is known.
  double expected_nodes(std::int64_t objective) const;

 private:
  double distance_;  // of the target below the bound
  double last_distance_ = 0.0;
  double last_nodes_ = 1.0;
  double rate_ = 0.0;  // of log(nodes) over the root of the distance
  std::int64_t bound_;
  std::int64_t incumbent_;
  std::int64_t target_;
};

}  // namespace espalier::solver
