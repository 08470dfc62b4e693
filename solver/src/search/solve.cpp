#include "espalier/solver/solve.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <memory>
#include <mutex>
#include <numeric>
#include <string>

#include "espalier/support/check.hpp"
#include "espalier/support/exact.hpp"

#include "classes/plain_classes.hpp"
#include "heuristics/round_and_swap.hpp"
#include "one_row/one_row.hpp"
#include "presolve/presolve.hpp"
#include "search/incumbent.hpp"
#include "search/limits.hpp"
#include "search/narrow_search.hpp"
#include "search/root.hpp"
#include "search/root_cuts.hpp"
#include "search/solution_finder.hpp"
#include "search/target_schedule.hpp"
#include "search/tree_search.hpp"

namespace espalier::solver {
namespace {

/// Items on either side of the critical one that the first exchange heuristic looks at.
constexpr int kSwapWindow = 60;

void validate(const Problem& problem, const SolveOptions& options) {
  if (options.threads < 1) {
    throw Error("threads is " + std::to_string(options.threads) + "; expected at least 1");
  }
  if (options.absolute_gap < 0 || !(options.relative_gap >= 0.0)) {
    throw Error("a gap is negative; expected 0 or more");
  }
  if (!(options.time_limit_seconds >= 0.0) || options.node_limit < 0 ||
      options.memory_limit_mib < 0) {
    throw Error("a limit is negative; expected 0 or more");
  }
  std::vector<std::int32_t> start = options.start;
  std::sort(start.begin(), start.end());
  if (start.empty()) return;
  if (start.front() < 0 || start.back() >= problem.num_items()) {
    throw Error("the starting solution names an item outside 0.." +
                std::to_string(problem.num_items() - 1));
  }
  if (std::adjacent_find(start.begin(), start.end()) != start.end()) {
    throw Error("the starting solution names an item twice");
  }
  if (!is_feasible(problem, start)) throw Error("the starting solution violates a row");
}

/// Whether the dynamic program's conditions hold: positive weights, and sums below 2^62.
bool fits_one_row_engine(const CoreProblem& core) {
  constexpr std::int64_t kMostSum = std::int64_t{1} << 62;
  std::int64_t profits = 0;
  std::int64_t weights = 0;
  for (std::size_t j = 0; j < core.profits.size(); ++j) {
    profits += core.profits[j];
    weights += core.weights[j];
    if (core.weights[j] == 0 || profits >= kMostSum || weights >= kMostSum) return false;
  }
  return true;
}

/// One solve from presolve to the verified result.
class Solve {
 public:
  Solve(const Problem& problem, const SolveOptions& options, Observer* observer)
      : problem_(problem),
        options_(options),
        observer_(observer),
        limits_(options),
        presolved_(presolve(problem, options.presolve)),
        gap_{std::min(options.absolute_gap / presolved_.profit_divisor, kInt64Max / 4),
             options.relative_gap, static_cast<double>(presolved_.objective_offset),
             static_cast<double>(presolved_.profit_divisor)},
        incumbent_(presolved_.core, [this](auto value, auto items, char source) {
          report_incumbent(value, items, source);
        }) {}

  Result run() {
    Result result;
    Statistics& statistics = result.statistics;
    statistics.presolve_fixed = presolved_.items_decided;
    statistics.presolve_rows = presolved_.rows_removed;
    if (presolved_.is_infeasible) {
      statistics.seconds = limits_.seconds();
      return result;
    }
    report_presolve();
    const std::int64_t core_bound = search(statistics);

    result.selected = presolved_.restore(incumbent_.items());
    result.objective = presolved_.original_objective(incumbent_.value());
    result.bound = presolved_.original_objective(core_bound);
    ESPALIER_CHECK(is_feasible(problem_, result.selected));
    ESPALIER_CHECK(objective_of(problem_, result.selected) == result.objective);
    ESPALIER_CHECK(result.bound >= result.objective);
    if (was_cut_short_) {
      result.stop_reason = one_row_stop_ != StopReason::kNone ? one_row_stop_ : limits_.reason();
    }
    result.status = was_cut_short_ ? Status::kFeasible : Status::kOptimal;
    statistics.incumbents = incumbent_.improvements();
    statistics.seconds = limits_.seconds();
    return result;
  }

 private:
  /// Fills the incumbent and returns the proven bound of the core problem.
  std::int64_t search(Statistics& statistics) {
    const CoreProblem& core = presolved_.core;
    incumbent_.offer({}, 'P');
    std::vector<std::int32_t> everything(static_cast<std::size_t>(core.num_items));
    std::iota(everything.begin(), everything.end(), 0);
    const std::int64_t total = core.profit_of(everything);
    root_bound_.store(total, std::memory_order_relaxed);
    if (core.is_feasible(everything)) {
      incumbent_.offer(everything, 'P');
      return total;
    }
    if (!options_.start.empty()) offer_start();
    if (core.num_rows == 1 && options_.one_row_engine && fits_one_row_engine(core)) {
      return search_one_row(statistics);
    }

    RootRelaxation root(core);
    statistics.lp_iterations += root.lp_iterations();
    statistics.root_lp_bound = in_original_units(root.bound());
    statistics.root_bound_after_cuts = statistics.root_lp_bound;
    // Nothing is as good as all items together, so that "one better" never overflows.
    root_bound_.store(std::min(root.integer_bound(), total - 1), std::memory_order_relaxed);
    if (options_.heuristics) {
      incumbent_.offer(round_and_swap(core, root.reduced_costs(), kSwapWindow), 'H');
    }
    TightenedRoot tight;
    if (options_.cuts && root.integer_bound() >= next_wanted()) {
      tight = tighten_root(core, root, incumbent_.value(), limits_, statistics);
    }
    statistics.root_seconds = limits_.seconds();
    if (!tight.core) return search_below(core, root, statistics);
    statistics.root_bound_after_cuts = in_original_units(tight.relaxation->bound());
    return search_below(*tight.core, *tight.relaxation, statistics);
  }

  /// The dynamic program for one row; returns the bound proven.
  std::int64_t search_one_row(Statistics& statistics) {
    const CoreProblem& core = presolved_.core;
    const double time_left = options_.time_limit_seconds - limits_.seconds();
    const OneRowLimits limits{std::max(time_left, 0.0), options_.memory_limit_mib, options_.stop};
    const OneRowResult result = solve_one_row(
        core.profits, core.weights, core.capacities.front(), limits, incumbent_.value(),
        [this](std::int64_t, std::span<const std::int32_t> items) {
          incumbent_.offer(items, 'D');
        });
    incumbent_.offer(result.selected, 'D');
    statistics.dp_states += result.states;
    const std::int64_t bound = std::max(result.bound, incumbent_.value());
    was_cut_short_ = bound >= next_wanted();
    if (was_cut_short_) one_row_stop_ = result.stop_reason;
    statistics.root_lp_bound = in_original_units(static_cast<double>(bound));
    statistics.root_bound_after_cuts = statistics.root_lp_bound;
    return bound;
  }

  /// Closes the distance between the bound of the root and the incumbent; returns the bound proven.
  std::int64_t search_below(const CoreProblem& core, RootRelaxation& root, Statistics& statistics) {
    const std::int64_t known = root_bound_.load(std::memory_order_relaxed);
    std::int64_t bound = std::max(std::min(root.integer_bound(), known), incumbent_.value());
    if (bound < next_wanted()) return bound;
    const LpModel model(core, options_.cardinality_split && core.num_rows > 1);
    const LpModel plain_model(core, false);
    SolutionFinder finder(setting(plain_model, {}), model, root);
    const auto tree = make_tree_search(model, finder);
    if (options_.heuristics) finder.start([this, bound] { report_heartbeat(bound, 0); });
    TargetSchedule schedule(bound, incumbent_.value());
    NarrowSearch narrow(options_.heuristics && options_.optimistic_targets, bound,
                        incumbent_.value());
    while (bound >= next_wanted() && !limits_.stopped()) {
      const std::int64_t before = tree->statistics().nodes;
      const bool is_narrow = narrow.is_next() && !finder.has_searched_pairs();
      if (is_narrow) {
        const std::int64_t target = narrow.target(next_wanted());
        tree->run(split(model, root, root.reduce(narrow.fixing_threshold(target)), target), target);
      } else {
        // A good solution makes the way straight: what is left is to prove it, or to better it.
        const std::int64_t target =
            options_.optimistic_targets && !narrow.has_succeeded() && !finder.is_confident()
                ? std::max(schedule.target(), next_wanted())
                : next_wanted();
        const auto open_bound = tree->run(split(model, root, root.reduce(target), target), target);
        // Everything of `target` or more has been searched, but for what a stop left open.
        bound = std::min(bound, std::max({open_bound, target - 1, next_wanted() - 1}));
        const std::int64_t reported = root_bound_.load(std::memory_order_relaxed);
        root_bound_.store(std::min(reported, bound), std::memory_order_relaxed);
      }
      const std::int64_t nodes = tree->statistics().nodes - before;
      if (is_narrow) {
        narrow.searched(nodes, next_wanted());
      } else {
        schedule.failed(nodes);
        narrow.spent_elsewhere(nodes);
      }
      if (options_.heuristics && bound >= next_wanted() && !limits_.stopped()) {
        finder.expect(schedule.expected_nodes(next_wanted()));
        finder.catch_up(nodes);
      }
    }
    statistics += tree->statistics();
    statistics += finder.statistics();
    was_cut_short_ = bound >= next_wanted();
    return std::max(bound, incumbent_.value());
  }

  SearchSetting setting(const LpModel& model, Heartbeat heartbeat) {
    return {model, options_, gap_, incumbent_, limits_, std::move(heartbeat)};
  }

  std::unique_ptr<TreeSearch> make_tree_search(const LpModel& model, SolutionFinder& finder) {
    auto whole = setting(model, [this, &finder](std::int64_t bound, std::int64_t open) {
      report_heartbeat(bound, open);
      if (options_.heuristics) finder.catch_up_meanwhile();
    });
    return options_.deterministic ? make_deterministic_search(std::move(whole))
                                  : make_parallel_search(std::move(whole));
  }

  std::vector<RootSubproblem> split(const LpModel& model, const RootRelaxation& root,
                                    RootSubproblem whole, std::int64_t target) {
    if (!model.has_cardinality) return {std::move(whole)};
    return split_by_cardinality(model, whole, root.num_chosen(), target,
                                [this] { return limits_.poll(0, 0); });
  }

  /// The least objective that would have to be excluded to call the incumbent good enough.
  std::int64_t next_wanted() const { return gap_.least_wanted(incumbent_.value()); }

  /// Presolve may have decided items otherwise than the starting solution has them: the rest enters
  /// by falling profit as long as it fits.
  void offer_start() {
    const CoreProblem& core = presolved_.core;
    auto items = presolved_.reduce(options_.start);
    std::sort(items.begin(), items.end(), [&](std::int32_t a, std::int32_t b) {
      const auto left = core.profits[static_cast<std::size_t>(a)];
      const auto right = core.profits[static_cast<std::size_t>(b)];
      return left > right || (left == right && a < b);
    });
    std::vector<std::int64_t> room = core.capacities;
    std::vector<std::int32_t> kept;
    for (const auto j : items) {
      bool fits = true;
      for (int i = 0; i < core.num_rows; ++i) {
        fits &= core.weight(i, j) <= room[static_cast<std::size_t>(i)];
      }
      if (!fits) continue;
      for (int i = 0; i < core.num_rows; ++i) {
        room[static_cast<std::size_t>(i)] -= core.weight(i, j);
      }
      kept.push_back(j);
    }
    incumbent_.offer(kept, 'S');
  }

  double in_original_units(double core_value) const {
    return static_cast<double>(presolved_.objective_offset) +
           static_cast<double>(presolved_.profit_divisor) * core_value;
  }

  void report_presolve() {
    if (observer_ == nullptr) return;
    observer_->on_presolve({limits_.seconds(), problem_.num_items(), presolved_.core.num_items,
                            problem_.num_rows(), presolved_.core.num_rows});
  }

  void report_incumbent(std::int64_t value, std::span<const std::int32_t> items, char source) {
    if (observer_ == nullptr) return;
    const std::lock_guard lock(observer_mutex_);
    const auto selected = presolved_.restore(items);
    const std::int64_t known = root_bound_.load(std::memory_order_relaxed);
    const std::int64_t bound =
        known == kNoBound ? kNoBound : presolved_.original_objective(std::max(value, known));
    observer_->on_incumbent({limits_.seconds(), presolved_.original_objective(value), bound, source,
                             selected, limits_.nodes()});
  }

  void report_heartbeat(std::int64_t bound, std::int64_t open) {
    if (observer_ == nullptr) return;
    const double now = limits_.seconds();
    double due = next_heartbeat_.load(std::memory_order_relaxed);
    if (now < due ||
        !next_heartbeat_.compare_exchange_strong(due, now + 1.0, std::memory_order_relaxed)) {
      return;
    }
    const std::lock_guard lock(observer_mutex_);
    const std::int64_t lowest = std::min(bound, root_bound_.load(std::memory_order_relaxed));
    root_bound_.store(lowest, std::memory_order_relaxed);
    HeartbeatEvent event;
    event.seconds = now;
    event.nodes = limits_.nodes();
    event.open = open;
    event.objective = presolved_.original_objective(incumbent_.value());
    event.bound = presolved_.original_objective(lowest);
    observer_->on_heartbeat(event);
  }

  const Problem& problem_;
  const SolveOptions& options_;
  Observer* observer_;
  Limits limits_;
  PresolvedProblem presolved_;
  GapRule gap_;
  std::mutex observer_mutex_;
  std::atomic<double> next_heartbeat_{1.0};
  std::atomic<std::int64_t> root_bound_{kNoBound};  // best proven bound of the core, for reports
  bool was_cut_short_ = false;
  StopReason one_row_stop_ = StopReason::kNone;
  Incumbent incumbent_;
};

}  // namespace

Result solve(const Problem& problem, const SolveOptions& options, Observer* observer) {
  validate(problem, options);
  if (options.item_classes) {
    if (auto result = solve_by_classes(problem, options, observer)) return std::move(*result);
  }
  return Solve(problem, options, observer).run();
}

}  // namespace espalier::solver
