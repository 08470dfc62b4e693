#include "classes/count_solver.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "classes/core_search.hpp"
#include "classes/count_search.hpp"
#include "classes/load_table.hpp"

namespace espalier::solver {
namespace {

// Neither the search over counts nor the general search on the core is always the faster one: they
// take turns with effort that grows, milliseconds at first; a core too large for the effort is left
// out. In between a table over loads is tried once. In the end the general search goes on alone.
constexpr std::int64_t kFirstVectors = 150'000;
constexpr std::int64_t kFirstNodes = 500;
constexpr std::int64_t kFirstItems = 300;
constexpr std::int64_t kGrowth = 8;
constexpr int kTurns = 5;
/// When both have failed so often, a table over loads is filled where it fits into so much memory.
constexpr int kTableTurn = 3;
constexpr std::int64_t kTableMebibytes = 256;

class CountSolver {
 public:
  CountSolver(const CountTask& task, CurveSource& source, LpPoint& point)
      : task_(task), source_(source), point_(point) {}

  CountSolution run() {
    CountSearchInput input;
    input.capacities = task_.capacities;
    input.max_profit = task_.max_profit;
    input.profit_unit = task_.profit_unit;
    input.vector_limit = kFirstVectors;
    input.is_stopped = [this] { return is_stopped(); };
    std::int64_t nodes = kFirstNodes;
    std::int64_t items = kFirstItems;
    for (int turn = 1;;) {
      input.curves = source_.curves();
      input.point = &point_;
      const CountSearchResult found = search_counts(input);
      if (takes(found)) return std::move(solution_);
      if (found.outcome == CountOutcome::kWindowsTooSmall) {
        point_ = source_.widen(found.too_small, std::move(point_));
        continue;
      }
      if (turn == kTableTurn && takes_table(found)) return std::move(solution_);
      const bool is_last = turn == kTurns || nodes >= task_.options->node_limit;
      const CoreSearchResult core =
          search_core(input, found, core_options(is_last, nodes), is_last ? kNoLimit : items);
      if (!core.too_small.empty()) {
        point_ = source_.widen(core.too_small, std::move(point_));
        continue;
      }
      if (takes(core, is_last)) return std::move(solution_);
      input.vector_limit *= kGrowth;
      nodes *= kGrowth;
      items *= kGrowth;
      ++turn;
    }
  }

 private:
  bool is_stopped() const {
    return task_.options->stop.stop_requested() ||
           task_.seconds_gone() >= task_.options->time_limit_seconds;
  }

  SolveOptions core_options(bool is_last, std::int64_t nodes) const {
    SolveOptions options = *task_.options;
    options.time_limit_seconds = std::max(0.0, options.time_limit_seconds - task_.seconds_gone());
    if (!is_last) options.node_limit = nodes;
    return options;
  }

  /// Whether the search over counts has ended the matter.
  bool takes(const CountSearchResult& found) {
    solution_.vectors += found.vectors;
    solution_.lp_gap =
        found.counts.empty() ? 0.0 : std::ldexp(static_cast<double>(found.loss), -found.shift);
    const bool was_stopped = found.outcome == CountOutcome::kStopped && !found.counts.empty();
    if (found.outcome != CountOutcome::kOptimal && !was_stopped) return false;
    solution_.counts = found.counts;
    solution_.possible_gain = found.possible_gain;
    if (was_stopped) {
      solution_.stop_reason =
          task_.options->stop.stop_requested() ? StopReason::kInterrupt : StopReason::kTimeLimit;
    }
    return true;
  }

  /// Whether the dynamic program over loads has.
  bool takes_table(const CountSearchResult& found) {
    constexpr int kBytesOfMebibyte = 20;
    const std::int64_t mebibytes = std::min(kTableMebibytes, task_.options->memory_limit_mib);
    auto counts =
        best_counts_by_loads(source_.curves(), task_.capacities, mebibytes << kBytesOfMebibyte,
                             [this] { return is_stopped(); });
    if (counts.empty()) return false;
    const auto profit = [this](std::span<const std::int64_t> of) {
      double sum = 0.0;
      for (std::size_t c = 0; c < of.size(); ++c) {
        const auto& values = source_.curves()[c].values;
        for (std::int64_t k = 0; k < of[c]; ++k)
          sum += static_cast<double>(values[static_cast<std::size_t>(k)]);
      }
      return sum;
    };
    if (!found.counts.empty()) {
      solution_.lp_gap = std::max(0.0, solution_.lp_gap - (profit(counts) - profit(found.counts)));
    }
    solution_.counts = std::move(counts);
    return true;
  }

  bool takes(const CoreSearchResult& core, bool is_last) {
    solution_.general_nodes += core.nodes;
    const bool is_done = is_last || core.stop_reason != StopReason::kNodeLimit;
    if (core.is_too_large || !is_done) return false;
    solution_.counts = core.counts;
    solution_.possible_gain = core.possible_gain;
    solution_.stop_reason = core.stop_reason;
    solution_.general_items = core.items;
    solution_.lp_gap = std::max(0.0, solution_.lp_gap - static_cast<double>(core.gain));
    return true;
  }

  const CountTask& task_;
  CurveSource& source_;
  LpPoint& point_;
  CountSolution solution_;
};

}  // namespace

CountSolution solve_counts(const CountTask& task, CurveSource& source, LpPoint& point) {
  return CountSolver(task, source, point).run();
}

}  // namespace espalier::solver
