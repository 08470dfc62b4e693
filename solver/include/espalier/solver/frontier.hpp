#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "espalier/solver/classes.hpp"
#include "espalier/solver/options.hpp"
#include "espalier/solver/problem.hpp"
#include "espalier/solver/result.hpp"

namespace espalier::solver {

/// The optimum under one vector of capacities.
struct FrontierPoint {
  std::vector<std::int64_t> capacities;
  Status status = Status::kInfeasible;
  StopReason stop_reason = StopReason::kNone;
  std::int64_t objective = 0;
  std::int64_t bound = 0;
  /// Chosen items per class; empty when infeasible. best_items() tells which ones.
  std::vector<std::int64_t> counts;
  /// What one more unit of each capacity brings, about: the LP duals; empty when infeasible.
  std::vector<double> multipliers;
};

/// Solves a problem under a series of capacities, each point to proven optimality.
///
/// The classes are sorted once; each point starts from the LP of the one before. Cheapest when
/// neighbouring capacities follow one another. The points are the same for any number of threads.
/// Of the options, threads, limits and stop count; the time limit is for all points together, and
/// points it leaves no time for have the status kFeasible. Throws Error when a vector of capacities
/// is not one value per row or a sum leaves 63 bits.
std::vector<FrontierPoint> trace_frontier(const ClassedProblem& problem,
                                          std::span<const std::vector<std::int64_t>> capacities,
                                          const SolveOptions& options = {});

/// Solves a problem again and again under other capacities: a frontier whose next point depends on
/// the ones before, as in a search for the budget that just holds.
///
/// The classes are sorted once, in the constructor; a solve then takes a fortieth (few classes) to
/// a tenth (hundreds) of solve_classed() on 10^6 items, least where the capacities change little.
/// The results are as exact and do not depend on what was solved before, but for which of several
/// optima is found. Not for several threads at once.
class BudgetSolver {
 public:
  /// The problem must outlive the solver. `threads` sort. Throws Error when they are less than 1.
  explicit BudgetSolver(const ClassedProblem& problem, int threads = 1);
  BudgetSolver(BudgetSolver&&) noexcept;
  BudgetSolver& operator=(BudgetSolver&&) noexcept;
  ~BudgetSolver();

  /// Options and errors are those of trace_frontier().
  FrontierPoint solve(std::span<const std::int64_t> capacities, const SolveOptions& options = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The best items of every class when counts[c] of class c are chosen, ascending positions; those
/// that are always chosen come first, and of equal profits the lower positions.
std::vector<std::vector<std::int32_t>> best_items(const ClassedProblem& problem,
                                                  std::span<const std::int64_t> counts,
                                                  int threads = 1);

/// The items of a plain problem as classes.
struct ClassedItems {
  ClassedProblem problem;
  std::vector<std::vector<std::int32_t>> items;  ///< item by class and position
};

/// Groups the items of equal weight vector. Throws Error when a weight is negative.
ClassedItems group_into_classes(const Problem& problem);

/// `steps` values from `from` to `to`, evenly spread, both included; steps >= 2.
std::vector<std::int64_t> budget_steps(std::int64_t from, std::int64_t to, int steps);

/// from, from + step, from + 2 step, ... as long as that is at most `to`; step >= 1, to >= from.
/// Throws Error when they were more than 10^7.
std::vector<std::int64_t> budgets_by_step(std::int64_t from, std::int64_t to, std::int64_t step);

/// Capacity vectors in which rows[k] takes the values steps[k], all together (value j of each) or,
/// as a grid, in every combination, in an order in which neighbours follow one another. The other
/// rows keep the capacities given.
std::vector<std::vector<std::int64_t>> budget_line(
    std::span<const std::int64_t> capacities, std::span<const int> rows,
    std::span<const std::vector<std::int64_t>> steps);
std::vector<std::vector<std::int64_t>> budget_grid(
    std::span<const std::int64_t> capacities, std::span<const int> rows,
    std::span<const std::vector<std::int64_t>> steps);

}  // namespace espalier::solver
