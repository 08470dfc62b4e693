#pragma once

#include <cstdint>
#include <vector>

namespace espalier::solver {

/// How a solve ended.
///
/// | status     | objective, selected        | bound                              |
/// |------------|----------------------------|------------------------------------|
/// | kOptimal   | an optimal solution        | = objective (<= objective + gap when a gap was asked
/// for) | | kFeasible  | the best solution found    | no solution is better than this    | |
/// kInfeasible| 0 and empty                | 0; there is no solution            |
///
/// kFeasible is only returned when a limit or a stop request ended the search; `stop_reason` says
/// which.
enum class Status { kOptimal, kFeasible, kInfeasible };

enum class StopReason { kNone, kTimeLimit, kNodeLimit, kMemoryLimit, kInterrupt };

/// Counters of one solve, summed over the threads.
struct Statistics {
  std::int64_t nodes = 0;              // branch-and-bound nodes whose relaxation was started
  std::int64_t lp_iterations = 0;      // dual simplex pivots
  std::int64_t bound_flips = 0;        // bound flips inside those pivots
  std::int64_t fixed_items = 0;        // items fixed by reduced cost below the root
  std::int64_t incumbents = 0;         // improving solutions accepted
  std::int64_t subtrees = 0;           // pieces the tree was cut into for the threads
  std::int64_t cuts_separated = 0;     // violated inequalities found at the root
  std::int64_t cuts_kept = 0;          // of those, kept in the relaxation
  std::int64_t presolve_fixed = 0;     // items decided by presolve
  std::int64_t presolve_rows = 0;      // rows removed by presolve
  std::int64_t dp_states = 0;          // states of the one-row dynamic program
  double root_lp_bound = 0.0;          // LP bound of the root, before cuts
  double root_bound_after_cuts = 0.0;  // and after them; equal without cuts
  double root_seconds = 0.0;           // presolve, root LP, cuts and heuristics
  double seconds = 0.0;                // everything
};

/// Adds the counters of one thread; bounds and times are left alone.
Statistics& operator+=(Statistics& total, const Statistics& part) noexcept;

/// Answer of one solve; see Status for what each field means when.
struct Result {
  Status status = Status::kInfeasible;
  StopReason stop_reason = StopReason::kNone;
  std::int64_t objective = 0;
  std::int64_t bound = 0;
  /// Chosen items, 0-based, ascending.
  std::vector<std::int32_t> selected;
  Statistics statistics;
};

}  // namespace espalier::solver
