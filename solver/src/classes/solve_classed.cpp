#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <string>

#include "espalier/solver/classes.hpp"
#include "espalier/support/check.hpp"
#include "espalier/support/error.hpp"

#include "classes/class_selection.hpp"
#include "classes/class_windows.hpp"
#include "classes/core_search.hpp"
#include "classes/count_search.hpp"
#include "classes/open_classes.hpp"

namespace espalier::solver {
namespace {

// Neither the search over counts nor the general search on the core is always the faster one: they
// take turns with effort that grows, milliseconds at first; a core too large for the effort is left
// out. In the end the general search goes on alone.
constexpr std::int64_t kFirstVectors = 50'000;
constexpr std::int64_t kFirstNodes = 500;
constexpr std::int64_t kFirstItems = 300;
constexpr std::int64_t kGrowth = 8;
constexpr int kTurns = 5;

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
    LpPoint point = origin(open_.capacities().size());
    const bool is_warm = !start.multipliers.empty();
    if (is_warm) point.multipliers = start.multipliers;
    point = windows.narrow(std::move(point), is_warm);
    statistics().lp_seconds = seconds();
    const auto counts = find_counts(windows, point);
    statistics().search_seconds = seconds() - statistics().lp_seconds;
    statistics().classes = static_cast<std::int64_t>(open_.open().size());
    statistics().window_items = windows.sorted_items();
    statistics().widenings = windows.widenings();
    statistics().pivots = point.pivots;
    result_.next.multipliers = point.multipliers;
    take(counts, windows);
    return std::move(result_);
  }

 private:
  ClassedStatistics& statistics() { return result_.statistics; }

  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }
  bool is_stopped() const {
    return options_.stop.stop_requested() || seconds() >= options_.time_limit_seconds;
  }

  /// Best counts of the open classes; sets status, reason and possible gain.
  std::vector<std::int64_t> find_counts(ClassWindows& windows, LpPoint& point) {
    CountSearchInput input;
    input.capacities = open_.capacities();
    input.max_profit = problem_.max_profit();
    input.profit_unit = problem_.profit_unit();
    input.vector_limit = kFirstVectors;
    input.is_stopped = [this] { return is_stopped(); };
    std::int64_t nodes = kFirstNodes;
    std::int64_t items = kFirstItems;
    for (int turn = 1;;) {
      input.curves = windows.curves();
      input.point = &point;
      const CountSearchResult found = search_counts(input);
      statistics().count_vectors += found.vectors;
      if (!found.counts.empty()) {
        lp_gap_ = std::ldexp(static_cast<double>(found.loss), -found.shift);
      }
      if (found.outcome == CountOutcome::kOptimal) {
        return finish(found.counts, 0, StopReason::kNone);
      }
      if (found.outcome == CountOutcome::kStopped && !found.counts.empty()) {
        return finish(found.counts, found.possible_gain, stop_reason());
      }
      if (found.outcome == CountOutcome::kWindowsTooSmall) {
        point = windows.widen(found.too_small, std::move(point));
        continue;
      }
      const bool is_last = turn == kTurns || nodes >= options_.node_limit;
      const CoreSearchResult core =
          search_core(input, found, core_options(is_last, nodes), is_last ? kNoLimit : items);
      if (!core.too_small.empty()) {
        point = windows.widen(core.too_small, std::move(point));
        continue;
      }
      statistics().general_nodes += core.nodes;
      const bool is_done = is_last || core.stop_reason != StopReason::kNodeLimit;
      if (!core.is_too_large && is_done) {
        statistics().general_items = core.items;
        lp_gap_ = std::max(0.0, lp_gap_ - static_cast<double>(core.gain));
        return finish(core.counts, core.possible_gain, core.stop_reason);
      }
      input.vector_limit *= kGrowth;
      nodes *= kGrowth;
      items *= kGrowth;
      ++turn;
    }
  }

  SolveOptions core_options(bool is_last, std::int64_t nodes) const {
    SolveOptions options = options_;
    options.time_limit_seconds = std::max(0.0, options_.time_limit_seconds - seconds());
    if (!is_last) options.node_limit = nodes;
    return options;
  }

  StopReason stop_reason() const {
    return options_.stop.stop_requested() ? StopReason::kInterrupt : StopReason::kTimeLimit;
  }

  std::vector<std::int64_t> finish(std::vector<std::int64_t> counts, std::int64_t possible_gain,
                                   StopReason reason) {
    result_.status = reason == StopReason::kNone ? Status::kOptimal : Status::kFeasible;
    result_.stop_reason = reason;
    possible_gain_ = possible_gain;
    return counts;
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
    ClassSelection selection =
        select_best(problem_, open_, windows.curves(), counts, options_.threads);
    for (std::size_t c = 0; c < counts.size(); ++c) {
      ESPALIER_CHECK(static_cast<std::int64_t>(selection.items[c].size()) == counts[c]);
    }
    result_.selected = std::move(selection.items);
    result_.objective = selection.objective;
    result_.bound = result_.objective + possible_gain_;
    statistics().lp_bound = static_cast<double>(result_.objective) + lp_gap_;
    statistics().seconds = seconds();
  }

  const ClassedProblem& problem_;
  const SolveOptions& options_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  OpenClasses open_;
  std::int64_t possible_gain_ = 0;
  double lp_gap_ = 0.0;  ///< of the counts below the bound of the LP
  ClassedResult result_;
};

}  // namespace

ClassedResult solve_classed(const ClassedProblem& problem, const SolveOptions& options,
                            const ClassedStart& start) {
  validate(problem, options, start);
  return ClassedSolve(problem, options).run(start);
}

}  // namespace espalier::solver
