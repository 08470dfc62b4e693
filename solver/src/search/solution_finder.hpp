#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>

#include "espalier/solver/result.hpp"

#include "heuristics/tabu_search.hpp"
#include "search/core_search.hpp"
#include "search/neighbourhood_search.hpp"
#include "search/pair_search.hpp"
#include "search/root.hpp"
#include "search/tree_search.hpp"
#include "search/tree_size.hpp"

namespace espalier::solver {

/// Divides the work between the tree search and the heuristics that look for good solutions.
///
/// Core search and local search get a share of what each run of the tree search has cost. Large
/// problems, which take hundreds of millions of nodes or never end, need more: there the search of
/// neighbourhoods gets its share of the whole in advance, as a better solution early saves more
/// than it costs. It stops when it has spent many times what led to its last improvement.
///
/// Where the tree is expected to be large, pairs of deviations are searched before it, for a part
/// of what the proof is expected to cost, or until the optimum would probably have been found; it
/// mostly has. They go on in step with a tree that turns out larger.
class SolutionFinder {
 public:
  /// `setting` has the model without a cardinality row, `split_model` that of the tree search.
  SolutionFinder(const SearchSetting& setting, const LpModel& split_model,
                 const RootRelaxation& root);

  /// The first effort, before the tree search. `report_progress` is called now and then.
  void start(const std::function<void()>& report_progress);

  /// Tells how many nodes the rest of the tree search is expected to cost.
  void expect(double nodes) { expected_.store(nodes, std::memory_order_relaxed); }

  /// Spends what has become due between two runs of the tree search; the last one cost `nodes`.
  void catch_up(std::int64_t nodes);

  /// Spends what has become due in the middle of a run. Any thread may call; all but one return at
  /// once.
  void catch_up_meanwhile();

  /// Whether pairs are, or have been, searched.
  bool has_searched_pairs() const noexcept {
    return pair_effort_.load(std::memory_order_relaxed) > 0;
  }
  /// Whether the search of pairs has cost so much that the best solution known is probably optimal.
  bool is_confident() const;

  Statistics statistics() const;

 private:
  std::int64_t due() const;
  void search_pairs_first(const std::function<void()>& report_progress);
  bool is_pair_round_due() const;
  void search_pairs(int splits);
  double tabu_due() const;
  void search_locally(double nanoseconds);
  void search_neighbourhoods(std::int64_t nodes);

  const CoreProblem& core_;
  std::int64_t size_;  // numbers in the rows
  Incumbent& incumbent_;
  Limits& limits_;
  double most_first_;   // nodes that pairs may cost before the tree search
  int splits_at_once_;  // so many splits of theirs then
  std::mutex mutex_;    // guards the heuristics
  double nanoseconds_per_node_;
  TabuSearch tabu_;
  CoreSearch core_search_;
  NeighbourhoodSearch neighbourhoods_;
  TreeSize tree_size_;
  PairSearch pairs_;
  // In nanoseconds: what the local search has cost, and had when it last found a better solution.
  std::atomic<double> tabu_effort_{0.0};
  std::atomic<double> last_tabu_success_{0.0};
  std::atomic<std::int64_t> spent_{0};  // nodes of the neighbourhoods
  std::atomic<std::int64_t> last_success_{0};
  std::atomic<double> expected_{0.0};
  // In nodes: what pairs have cost, and will have cost after the next round.
  std::atomic<std::int64_t> pair_effort_{0};
  std::atomic<std::int64_t> next_pair_effort_{0};
};

}  // namespace espalier::solver
