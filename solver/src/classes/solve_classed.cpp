#include <chrono>
#include <cmath>
#include <span>
#include <string>

#include "espalier/solver/classes.hpp"
#include "espalier/support/check.hpp"
#include "espalier/support/error.hpp"

#include "classes/class_selection.hpp"
#include "classes/class_windows.hpp"
#include "classes/count_solver.hpp"
#include "classes/open_classes.hpp"

namespace espalier::solver {
namespace {

void validate(const ClassedProblem& problem, const SolveOptions& options,
              const ClassedStart& start) {
  if (options.threads < 1) {
    throw Error("threads is " + std::to_string(options.threads) + "; expected at least 1");
  }
  if (!(options.time_limit_seconds >= 0.0)) {
    throw Error("the time limit is negative; expected 0 or more");
  }
  if (start.multipliers.empty()) return;
  if (start.multipliers.size() != static_cast<std::size_t>(problem.num_rows())) {
    throw Error("the start has " + std::to_string(start.multipliers.size()) +
                " multipliers; expected one per row, " + std::to_string(problem.num_rows()));
  }
  for (const double y : start.multipliers) {
    if (!(y >= 0.0) || std::isinf(y)) {
      throw Error("a multiplier of the start is " + std::to_string(y) +
                  "; expected a finite number >= 0");
    }
  }
}

class ClassedSolve {
 public:
  ClassedSolve(const ClassedProblem& problem, const SolveOptions& options)
      : problem_(problem), options_(options), open_(problem) {}

  ClassedResult run(const ClassedStart& start) {
    if (open_.is_infeasible()) {
      result_.statistics.seconds = seconds();
      return std::move(result_);
    }
    ClassWindows windows(open_, options_.threads);
    LpPoint point = windows.narrow(start.multipliers);
    statistics().lp_seconds = seconds();
    const CountSolution solution =
        solve_counts({open_.capacities(), problem_.max_profit(), problem_.profit_unit(), &options_,
                      [this] { return seconds(); }},
                     windows, point);
    statistics().search_seconds = seconds() - statistics().lp_seconds;
    statistics().classes = static_cast<std::int64_t>(open_.open().size());
    statistics().window_items = windows.sorted_items();
    statistics().widenings = windows.widenings();
    statistics().pivots = point.pivots;
    statistics().count_vectors = solution.vectors;
    statistics().general_items = solution.general_items;
    statistics().general_nodes = solution.general_nodes;
    result_.next.multipliers = point.multipliers;
    result_.stop_reason = solution.stop_reason;
    result_.status =
        solution.stop_reason == StopReason::kNone ? Status::kOptimal : Status::kFeasible;
    take(solution.counts, windows);
    result_.bound = result_.objective + solution.possible_gain;
    statistics().lp_bound = static_cast<double>(result_.objective) + solution.lp_gap;
    statistics().seconds = seconds();
    return std::move(result_);
  }

 private:
  ClassedStatistics& statistics() { return result_.statistics; }

  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }

  /// Turns counts into items and holds them against the rows.
  void take(std::span<const std::int64_t> open_counts, const ClassWindows& windows) {
    const auto counts = open_.all_counts(open_counts);
    for (std::size_t i = 0; i < problem_.capacities().size(); ++i) {
      Int128 load = 0;
      for (std::size_t c = 0; c < counts.size(); ++c) {
        load += Int128{counts[c]} * problem_.classes()[c].weights[i];
      }
      ESPALIER_CHECK(load <= problem_.capacities()[i]);
    }
    ClassSelection selection = select_best(problem_, open_, &windows, counts, options_.threads);
    for (std::size_t c = 0; c < counts.size(); ++c) {
      ESPALIER_CHECK(static_cast<std::int64_t>(selection.items[c].size()) == counts[c]);
    }
    result_.selected = std::move(selection.items);
    result_.objective = selection.objective;
  }

  const ClassedProblem& problem_;
  const SolveOptions& options_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  OpenClasses open_;
  ClassedResult result_;
};

}  // namespace

ClassedResult solve_classed(const ClassedProblem& problem, const SolveOptions& options,
                            const ClassedStart& start) {
  validate(problem, options, start);
  return ClassedSolve(problem, options).run(start);
}

}  // namespace espalier::solver
