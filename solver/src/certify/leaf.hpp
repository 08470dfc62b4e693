#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "espalier/support/exact.hpp"

#include "certify/decisions.hpp"
#include "model/core_problem.hpp"

namespace espalier::solver {

/// A subproblem with a given number of chosen core items. That is what two thresholds say, numbered
/// as decisions are; -1 where there is no need for one.
struct Cardinality {
  std::int64_t count = 0;
  std::int32_t reached = -1;  ///< decided to be 1: at least `count`
  std::int32_t missed = -1;   ///< decided to be 0: at most `count`
};

/// Integer multiples of the objective row and of the core rows, to be added.
struct Multipliers {
  std::int64_t objective = 0;
  std::vector<std::int64_t> rows;
  /// Of "at most count" where positive, of "at least count" where negative.
  std::int64_t cardinality = 0;
  std::int64_t count = 0;
};

/// Why a node holds nothing of the target or more: a sum that contradicts the branchings of
/// `clause`, given what the bounds of the nodes above imply.
struct Leaf {
  Multipliers multipliers;
  /// Whether the contradiction takes what follows from a branching along its chain. If not, the sum
  /// makes any one branching of the clause false when all others are true.
  bool needs_orders = false;
  Clause clause;
};

/// Turns the multipliers of a relaxation into proofs in integers.
///
/// The sum of k times the objective row and -Y_i times row i reads  sum_j d_j l_j >= k target - Y.b
/// with d_j = k p_j - Y.w_j.  Decided items at their values and all others at the better end of
/// their range make the left side as large as it can be. When that is still too small, the
/// decisions with a part in it are a clause. What it falls short by may be spent on leaving
/// decisions out, the deepest first: a clause without the last branching closes the parent too.
///
/// When it is large enough, but not without the d_j of some items, these have the better ends of
/// their ranges in all solutions of interest: the sum is a bound that implies decisions. A clause
/// that rests on such a decision names what the bound rests on in its place.
class LeafMaker {
 public:
  /// With a cardinality the paths that follow begin with its thresholds.
  LeafMaker(const CoreProblem& core, Int128 target, std::optional<Cardinality> cardinality = {});

  /// `duals` are the multipliers y >= 0 of the rows in their own units, with a cardinality that of
  /// sum x = count behind them. Nothing when they prove nothing at any precision.
  std::optional<Leaf> make(std::span<const double> duals, const DecisionPath& path);

  /// For a node with every item decided.
  std::optional<Leaf> make_for_point(const DecisionPath& path);

  /// A bound at a node from which leaves below it may take decisions.
  struct Bound {
    Multipliers multipliers;
    std::vector<Int128> reduced_profits;
    Int128 slack = 0;      ///< what the largest left side exceeds the right one by
    bool is_used = false;  ///< by a leaf
  };
  /// Puts the bound of a node on top of those of the nodes above; null, and nothing done, where
  /// `duals` are no use. Good until the next call.
  const Bound* push_bound(std::span<const double> duals, const DecisionPath& path);
  void pop_bound() { --num_bounds_; }
  const Bound& top_bound() const { return bounds_[num_bounds_ - 1]; }
  int num_bounds() const noexcept { return static_cast<int>(num_bounds_); }

 private:
  /// A sum that a clause is made for, and by how much more than 1 its sides disagree.
  struct Part {
    const Multipliers* multipliers = nullptr;
    std::span<const Int128> reduced_profits;
    Int128 excess = 0;
  };

  void round(std::span<const double> duals, int shift);
  bool is_contradiction(std::int64_t objective_multiplier, const DecisionPath& path);
  Int128 loss_without(Decision decision, const Part& part) const;
  bool spend(std::span<const Decision> decisions);
  void imply(std::span<const Decision> decisions, Bound& bound);
  Leaf finish(const DecisionPath& path);

  const CoreProblem& core_;
  Int128 target_;
  std::optional<Cardinality> cardinality_;
  std::vector<std::int64_t> item_weights_;  // the core's, item by item
  Multipliers multipliers_;                 // of the sum at hand
  std::vector<Int128> reduced_profits_;
  Int128 excess_ = 0;
  int last_shift_ = 8;
  /// Multipliers stay below 2^57 and capacities below 2^63, so that 64 rows add up to less than
  /// 2^126; more rows leave fewer bits.
  int bits_ = 56;
  std::vector<Part> parts_;    // of the clause at hand
  std::vector<Bound> bounds_;  // those in use first
  std::size_t num_bounds_ = 0;
};

}  // namespace espalier::solver
