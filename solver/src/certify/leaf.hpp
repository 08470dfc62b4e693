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

/// Why a node holds nothing of the target or more: integer multiples of the objective row and of
/// the core rows whose sum contradicts the branchings of `clause`.
struct Leaf {
  std::int64_t objective_multiplier = 0;
  std::vector<std::int64_t> row_multipliers;
  /// Of "at most count" where positive, of "at least count" where negative.
  std::int64_t cardinality_multiplier = 0;
  std::int64_t cardinality = 0;
  Clause clause;
};

/// Turns the multipliers of a relaxation into proofs in integers.
///
/// The sum of k times the objective row and -Y_i times row i reads  sum_j d_j l_j >= k target - Y.b
/// with d_j = k p_j - Y.w_j.  Decided items at their values and all others at the better end of
/// their range make the left side as large as it can be, and when that is still too small, the
/// decisions with a part in it are a clause. What it falls short by may be spent on leaving
/// decisions out, the deepest first: a clause without the last branching closes the parent too.
class LeafMaker {
 public:
  /// With a cardinality the paths that follow begin with its thresholds.
  LeafMaker(const CoreProblem& core, Int128 target, std::optional<Cardinality> cardinality = {});

  /// `duals` are the multipliers y >= 0 of the rows in their own units, with a cardinality that of
  /// sum x = count behind them. Nothing when they prove nothing at any precision.
  std::optional<Leaf> make(std::span<const double> duals, const DecisionPath& path);

  /// For a node with every item decided.
  std::optional<Leaf> make_for_point(const DecisionPath& path);

 private:
  bool is_contradiction(std::int64_t objective_multiplier, const DecisionPath& path);
  Int128 loss_without(Decision decision) const;
  Leaf finish(std::int64_t objective_multiplier, const DecisionPath& path);

  const CoreProblem& core_;
  Int128 target_;
  std::optional<Cardinality> cardinality_;
  std::vector<std::int64_t> item_weights_;  // the core's, item by item
  std::vector<std::int64_t> multipliers_;
  std::int64_t cardinality_multiplier_ = 0;
  std::vector<Int128> reduced_profits_;
  Int128 excess_ = 0;  // by how much more than 1 the sides disagree
  int last_shift_ = 8;
};

}  // namespace espalier::solver
