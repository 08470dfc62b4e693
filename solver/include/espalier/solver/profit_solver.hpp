#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "espalier/solver/classes.hpp"
#include "espalier/solver/options.hpp"

namespace espalier::solver {

/// Solves a problem again and again while its profits change: all of them a little, as when the
/// scores of structures are computed anew, or a few of them at will; floors and capacities may
/// change too. Where only capacities do, BudgetSolver is faster.
///
/// What one solve learns stays for the next: where the thresholds of the classes lie, which items
/// lie around them, and all memory. Profits of a whole class cost one pass over it; single ones
/// cost about as much as there are, and no pass. The results are as exact as those of
/// solve_classed() whatever has changed, and do not depend on what was solved before but for which
/// of several optima is found. Not for several threads at once.
class ProfitSolver {
 public:
  /// Solves nothing yet.
  explicit ProfitSolver(ClassedProblem problem);
  ProfitSolver(ProfitSolver&&) noexcept;
  ProfitSolver& operator=(ProfitSolver&&) noexcept;
  ~ProfitSolver();

  /// The problem as it stands.
  const ClassedProblem& problem() const noexcept;

  /// What changes from one solve to the next: as the functions of the same names of ClassedProblem,
  /// with their errors, after which everything is as before.
  std::vector<std::int64_t> set_profits(std::size_t c, std::vector<std::int64_t> profits);
  std::vector<ProfitChange> change_profits(std::size_t c, std::span<const ProfitChange> changes);
  void set_min_kept(std::size_t c, std::int64_t min_kept);
  void set_capacities(std::vector<std::int64_t> capacities);

  /// Options and errors are those of solve_classed(). The result is valid until the next solve.
  const ClassedResult& solve(const SolveOptions& options = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace espalier::solver
