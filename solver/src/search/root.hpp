#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "lp/lp_model.hpp"
#include "lp/node_relaxation.hpp"
#include "model/stack_arena.hpp"
#include "search/search_context.hpp"

namespace espalier::solver {

/// The relaxation of the whole problem, without a cardinality row.
class RootRelaxation {
 public:
  explicit RootRelaxation(const CoreProblem& core);

  double bound() const noexcept { return bound_; }  ///< rigorous
  std::int64_t integer_bound() const noexcept { return integer_bound_; }
  std::int64_t lp_iterations() const noexcept { return relaxation_.iterations(); }

  /// Reduced cost of every item; those of basic items are (almost) zero.
  std::vector<double> reduced_costs() const;
  /// The relaxation's point, and the multipliers of the rows in their original scale.
  std::vector<double> point() const;
  std::vector<double> duals() const;
  /// Sum x of the relaxation's point.
  double num_chosen() const noexcept { return num_chosen_; }

  /// The problem with every item decided that has the same value in all solutions of `threshold`
  /// or more.
  RootSubproblem reduce(std::int64_t threshold);

 private:
  LpModel model_;
  StackArena arena_;
  NodeRelaxation relaxation_;
  SavedNode solved_;
  double bound_ = 0.0;
  std::int64_t integer_bound_ = 0;
  double num_chosen_ = 0.0;
};

/// Solves the relaxation of a subproblem from scratch; bound and reduced costs are those of the end.
void solve_cold(NodeRelaxation& relaxation, const RootSubproblem& subproblem, StackArena& arena);

/// One subproblem for every number of chosen items k whose bound reaches `threshold`, in the order
/// of falling bounds. `whole` is the problem to split, `num_chosen` the sum x of its relaxation,
/// `is_stopped` ends the scan early: then every k not looked at is kept, with the bound of `whole`.
///
/// The bound is concave in k: the multiplier of sum x = k tells on which side it can still rise, so
/// the scan in either direction ends with a proof that no k further out is needed.
std::vector<RootSubproblem> split_by_cardinality(const LpModel& model, const RootSubproblem& whole,
                                                 double num_chosen, std::int64_t threshold,
                                                 const std::function<bool()>& is_stopped);

}  // namespace espalier::solver
