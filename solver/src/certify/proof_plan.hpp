#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "certify/proof_steps.hpp"

namespace espalier::solver {

/// Which subtrees of a proof get a clause of their own: the first children of two that need more
/// than one sum. Found before the text is written, which has to know where they begin. Leaves and
/// bounds are counted from 0 on.
class ProofPlan {
 public:
  ProofPlan(const ProofSteps& steps, std::size_t num_rows) { steps.replay(num_rows, *this); }

  /// Whether the subtree that is complete when this leaf or bound comes gets its clause then.
  bool has_clause_before(std::size_t place) const { return has_clause_before_[place]; }
  /// Whether a subtree that will get a clause begins with this leaf or bound.
  bool begins_subtree(std::size_t place) const { return begins_subtree_[place]; }

  // --- the steps, as they are replayed ---
  void leaf(const Leaf& leaf) { subtrees_.push_back({begin(), leaf.needs_orders}); }
  void bound(const Multipliers&) { bounds_.push_back(begin()); }
  void end_bound() {
    subtrees_.back() = {bounds_.back(), true};
    bounds_.pop_back();
  }
  void join(std::int32_t) {
    subtrees_.pop_back();
    subtrees_.back().needs_clause = true;
  }

 private:
  struct Subtree {
    std::size_t begin = 0;
    bool needs_clause = false;  // to be of use to its sibling
  };

  std::size_t begin() {
    const std::size_t place = has_clause_before_.size();
    const bool needs_clause = !subtrees_.empty() && subtrees_.back().needs_clause;
    if (needs_clause) {
      begins_subtree_[subtrees_.back().begin] = true;
      subtrees_.back().needs_clause = false;
    }
    has_clause_before_.push_back(needs_clause);
    begins_subtree_.push_back(false);
    return place;
  }

  std::vector<bool> has_clause_before_;
  std::vector<bool> begins_subtree_;
  std::vector<Subtree> subtrees_;  // the stack of the postfix steps
  std::vector<std::size_t> bounds_;
};

}  // namespace espalier::solver
