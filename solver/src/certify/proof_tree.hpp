#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "espalier/solver/options.hpp"

#include "certify/decisions.hpp"
#include "certify/leaf.hpp"
#include "certify/proof_steps.hpp"
#include "certify/standard_form.hpp"
#include "lp/lp_model.hpp"
#include "lp/node_relaxation.hpp"
#include "model/stack_arena.hpp"
#include "search/limits.hpp"
#include "search/pseudocost.hpp"

namespace espalier::solver {

/// What the trees of one certificate share; read-only but for the limits.
struct ProofSetting {
  const StandardForm& form;
  const LpModel& model;
  Int128 target = 0;  ///< objective of the core that no solution reaches
  Limits& limits;
  std::optional<Cardinality> cardinality;       ///< the model then has its row
  std::vector<std::int32_t> next_in_chain;      ///< per core item, -1 where there is none
  std::vector<std::int32_t> previous_in_chain;  ///< likewise
};

/// A proof that some decisions leave nothing of the target or more.
struct Subproof {
  ProofSteps steps;
  Clause clause;
  std::int64_t nodes = 0;
  std::int64_t leaves = 0;
};

/// A branching: the item, and the value tried first.
using Branch = Decision;

/// Depth-first branch and bound that only proves. It is the search of worker.hpp with everything
/// left out that would be hard to derive: what closes a node are the multipliers of its relaxation
/// and of those above.
///
/// A node's bound fixes items as in that search, and is a step of the proof where some leaf needs
/// it. Where the clause of a first child does not name the branching, the second child is not
/// searched.
class ProofTree {
 public:
  explicit ProofTree(const ProofSetting& setting);

  /// Proves the subtree below some decisions; nothing when a limit stopped it.
  std::optional<Subproof> prove(const DecisionPath& above);

  /// Solves the node below some decisions and says where to branch; a leaf when it is closed.
  struct Opening {
    std::optional<Leaf> leaf;
    Branch branch;
  };
  Opening open(const DecisionPath& above);

  /// Adds a branching with all that follows from it along the item's chain.
  void extend(DecisionPath& path, Branch branch);

 private:
  /// A branched node whose first or second child is being proven.
  struct Frame {
    SavedNode node;
    StackArena::Mark mark;
    Branch branch;
    std::size_t num_groups = 0;
    std::size_t num_taken = 0;
    std::optional<std::size_t> bound;  // where the steps have it
    std::size_t steps_begin = 0;       // of the first child's steps
    std::size_t steps_middle = 0;      // where the second child's begin
    bool is_second = false;
    Clause first_clause;
  };

  void start(const DecisionPath& above);
  std::optional<Leaf> evaluate();
  std::optional<Leaf> close();
  std::span<const double> unscaled_duals();
  bool has_fractional() const;
  bool apply_deferred();
  std::optional<Multipliers> fix_implied();
  std::optional<Branch> choose_branch();
  double probe(int row, int value);
  void descend(Branch branch, const std::optional<Multipliers>& bound);
  void decide(Branch branch);
  bool resume(Clause& clause);
  void join(Frame& frame, Clause& clause);
  bool poll();

  const ProofSetting& setting_;
  std::int64_t threshold_;
  StackArena arena_;
  NodeRelaxation relaxation_;
  PseudoCosts pseudo_costs_;
  LeafMaker leaf_maker_;

  DecisionPath path_;
  std::vector<std::int8_t> value_of_;  // per core item on the path: 0, 1, or -1
  std::vector<std::int32_t> taken_;
  std::vector<double> duals_;
  std::vector<Decision> deferred_;  // decided, but not fixed in the relaxation yet
  std::vector<Frame> frames_;
  double node_bound_ = 0.0;   // of the node that is to be branched
  bool closes_both_ = false;  // whether both children of the branch chosen did when tried
  double gap_ = 0.0;          // a fall by this closes a child of it
  std::vector<std::pair<double, int>> candidates_;  // with the rows that they are basic in
  SavedNode probed_;                                // that node, while its children are tried

  Subproof proof_;
  std::int64_t unreported_nodes_ = 0;
  std::int64_t reported_bytes_ = 0;
};

}  // namespace espalier::solver
