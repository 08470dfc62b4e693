#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "espalier/solver/result.hpp"

#include "lp/node_relaxation.hpp"
#include "model/stack_arena.hpp"
#include "search/pseudocost.hpp"
#include "search/search_context.hpp"

namespace espalier::solver {

/// One thread's depth-first branch and bound. Shares nothing but the SearchContext; waits for no
/// lock between finding solutions and giving subtrees away.
class Worker {
 public:
  explicit Worker(SearchContext& context);

  /// Takes up a root subproblem, or a subtree that another worker gave away.
  void begin(const RootSubproblem& root, int root_index);
  void begin(std::unique_ptr<Subtree> subtree);

  /// Searches on, for about `max_nodes` nodes. True when the piece is finished, or given up because
  /// of a limit; what is left then is recorded in the context.
  bool advance(std::int64_t max_nodes);

  /// The open node nearest to the root, the largest piece there is; nothing where that is not
  /// worth it.
  std::unique_ptr<Subtree> detach_shallowest();

  /// Exchanges what was learned about the items, for searches that do so between calls.
  void exchange_costs(PseudoCosts& common) { pseudo_costs_.exchange(common); }

  std::size_t num_open() const noexcept { return open_.size() - first_open_; }

  const Statistics& statistics() const noexcept { return statistics_; }

 private:
  /// A child that waits on this worker's stack.
  struct OpenNode {
    SavedNode node;
    StackArena::Mark mark;
    Branching branching;
    std::int32_t item = -1;  // branched on
    double distance = 0.0;   // from its fractional value to the branch value
    double parent_bound = 0.0;
    std::size_t num_taken = 0;
  };

  bool is_skipped(double bound);
  void start_piece();
  bool expand();
  bool evaluate();
  bool next_node();
  void descend(const Branching& first);
  void apply(const Branching& branching, std::int32_t item, double distance, double parent_bound);
  Branching choose_branching();
  Branching first_free_column() const;
  bool is_settled_by_point();
  void offer_point();
  bool poll();
  void exchange_costs(std::int64_t news);
  void abandon();

  SearchContext& context_;
  StackArena arena_;
  NodeRelaxation relaxation_;
  PseudoCosts pseudo_costs_;
  std::vector<OpenNode> open_;
  std::size_t first_open_ = 0;       // those below were given away
  std::vector<std::int32_t> taken_;  // items at 1 on the way to the present node
  std::vector<std::int32_t> point_;
  std::int32_t branch_item_ = -1;  // of the step that leads to the present node, -1 at a root
  int branch_value_ = 0;
  double distance_ = 0.0;
  double parent_bound_ = 0.0;
  int root_ = 0;
  bool has_piece_ = false;
  std::unique_ptr<Subtree> subtree_;  // holds the memory of the piece's first frame
  std::int64_t reported_bytes_ = 0;
  std::int64_t unreported_nodes_ = 0;
  std::int64_t exchanged_nodes_ = 0;  // own nodes at the last exchange of pseudo-costs
  std::int64_t common_nodes_ = 0;     // everybody's nodes then
  Statistics statistics_;
};

}  // namespace espalier::solver
