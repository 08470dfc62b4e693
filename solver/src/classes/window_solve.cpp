#include "classes/window_solve.hpp"

#include <string>
#include <utility>
#include <vector>

#include "espalier/support/check.hpp"
#include "espalier/support/error.hpp"
#include "espalier/support/exact.hpp"

#include "classes/class_selection.hpp"
#include "classes/count_solver.hpp"

namespace espalier::solver {

void check_options(const SolveOptions& options) {
  if (options.threads < 1) {
    throw Error("threads is " + std::to_string(options.threads) + "; expected at least 1");
  }
  if (!(options.time_limit_seconds >= 0.0)) {
    throw Error("the time limit is negative; expected 0 or more");
  }
}

double WindowSolve::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
}

void WindowSolve::refuse(ClassedResult& result) const {
  result = ClassedResult();
  result.statistics.seconds = seconds();
}

void WindowSolve::run(const OpenClasses& open, ClassWindows& windows, LpPoint& point,
                      ClassedResult& result) const {
  ClassedStatistics statistics;
  statistics.lp_seconds = seconds();
  const CountSolution solution =
      solve_counts({open.capacities(), problem_.max_profit(), problem_.profit_unit(), &options_,
                    [this] { return seconds(); }},
                   windows, point);
  statistics.search_seconds = seconds() - statistics.lp_seconds;
  statistics.classes = static_cast<std::int64_t>(open.open().size());
  statistics.window_items = windows.sorted_items();
  statistics.widenings = windows.widenings();
  statistics.pivots = point.pivots;
  statistics.count_vectors = solution.vectors;
  statistics.general_items = solution.general_items;
  statistics.general_nodes = solution.general_nodes;
  result.next.multipliers = point.multipliers;
  result.stop_reason = solution.stop_reason;
  result.status = solution.stop_reason == StopReason::kNone ? Status::kOptimal : Status::kFeasible;
  take(open, solution.counts, windows, result);
  result.bound = result.objective + solution.possible_gain;
  statistics.lp_bound = static_cast<double>(result.objective) + solution.lp_gap;
  statistics.seconds = seconds();
  result.statistics = statistics;
}

/// Turns counts into items and holds them against the rows.
void WindowSolve::take(const OpenClasses& open, std::span<const std::int64_t> open_counts,
                       const ClassWindows& windows, ClassedResult& result) const {
  const auto counts = open.all_counts(open_counts);
  for (std::size_t i = 0; i < problem_.capacities().size(); ++i) {
    Int128 load = 0;
    for (std::size_t c = 0; c < counts.size(); ++c) {
      load += Int128{counts[c]} * problem_.classes()[c].weights[i];
    }
    ESPALIER_CHECK(load <= problem_.capacities()[i]);
  }
  ClassSelection selection =
      select_best(problem_, open, &windows, counts, options_.threads, std::move(result.selected));
  for (std::size_t c = 0; c < counts.size(); ++c) {
    ESPALIER_CHECK(static_cast<std::int64_t>(selection.items[c].size()) == counts[c]);
  }
  result.selected = std::move(selection.items);
  result.objective = selection.objective;
}

}  // namespace espalier::solver
