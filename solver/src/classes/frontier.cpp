#include "espalier/solver/frontier.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "espalier/support/check.hpp"
#include "espalier/support/error.hpp"
#include "espalier/support/exact.hpp"

#include "classes/class_lp.hpp"
#include "classes/class_selection.hpp"
#include "classes/count_solver.hpp"
#include "classes/open_classes.hpp"
#include "classes/run_tasks.hpp"
#include "classes/sorted_classes.hpp"

namespace espalier::solver {
namespace {

/// Points of which each starts from the one before; the first of each block starts afresh, so that
/// the blocks can go to any thread and still come out the same.
constexpr std::size_t kBlock = 32;

class Tracer {
 public:
  Tracer(const ClassedProblem& problem, std::span<const std::vector<std::int64_t>> capacities,
         const SolveOptions& options)
      : problem_(problem),
        capacities_(capacities),
        options_(options),
        open_(problem),
        sorted_(problem, open_, options.threads),
        points_(capacities.size()) {
    point_options_ = options;
    point_options_.threads = 1;
  }

  std::vector<FrontierPoint> run() {
    const std::size_t blocks = (points_.size() + kBlock - 1) / kBlock;
    run_tasks(options_.threads, blocks, [this](std::size_t block) {
      const std::size_t begin = block * kBlock;
      trace_block(begin, std::min(points_.size(), begin + kBlock));
    });
    return std::move(points_);
  }

 private:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }

  void trace_block(std::size_t begin, std::size_t end) {
    OpenClasses open = open_;
    LpPoint last = origin(static_cast<std::size_t>(problem_.num_rows()));
    std::vector<std::size_t> last_open;
    for (std::size_t k = begin; k < end; ++k) {
      open.set_capacities(capacities_[k]);
      std::vector<std::size_t> now_open;
      for (const OpenClass& of : open.open()) now_open.push_back(of.class_index);
      // The supports of the last point name classes by their place among the open ones.
      const bool is_comparable = now_open == last_open;
      if (!is_comparable) last = origin(last.multipliers.size());
      last_open = std::move(now_open);
      points_[k].capacities = capacities_[k];
      if (open.is_infeasible()) continue;
      SortedCurves curves(sorted_, open);
      if (is_comparable && k >= begin + 2) {
        const auto multipliers = extrapolated(k);
        if (!multipliers.empty()) last = curves.moved(std::move(last), multipliers);
      }
      solve_point(open, curves, last, points_[k]);
    }
  }

  /// Multipliers of point k if they go on as between the two points before; empty where the
  /// capacities do not go on in the same direction.
  std::vector<double> extrapolated(std::size_t k) const {
    const auto& before = points_[k - 2].multipliers;
    const auto& last = points_[k - 1].multipliers;
    std::vector<double> multipliers;
    if (before.empty() || last.empty()) return multipliers;
    double ratio = 0.0;
    double step = 0.0;
    const auto change = [this](std::size_t to, std::size_t i) {
      return static_cast<double>(capacities_[to][i]) - static_cast<double>(capacities_[to - 1][i]);
    };
    for (std::size_t i = 0; i < last.size(); ++i) {
      if (std::abs(change(k - 1, i)) <= step) continue;
      step = std::abs(change(k - 1, i));
      ratio = change(k, i) / change(k - 1, i);
    }
    for (std::size_t i = 0; i < last.size(); ++i) {
      const bool turns = std::abs(change(k, i) - ratio * change(k - 1, i)) > 0.01 * step;
      const double now = last[i] + ratio * (last[i] - before[i]);
      // What would halve or double is not smooth enough to be guessed.
      if (turns || !(ratio > 0.0) || now < 0.5 * last[i] || now > 2.0 * last[i]) return {};
      multipliers.push_back(now);
    }
    return multipliers;
  }

  void solve_point(const OpenClasses& open, SortedCurves& curves, LpPoint& last,
                   FrontierPoint& point) const {
    last = curves.minimise(std::move(last));
    const CountSolution solution =
        solve_counts({open.capacities(), problem_.max_profit(), problem_.profit_unit(),
                      &point_options_, [this] { return seconds(); }},
                     curves, last);
    point.counts = open.all_counts(solution.counts);
    point.objective = sorted_.objective(open, point.counts);
    point.bound = point.objective + solution.possible_gain;
    point.stop_reason = solution.stop_reason;
    point.status = solution.stop_reason == StopReason::kNone ? Status::kOptimal : Status::kFeasible;
    point.multipliers = last.multipliers;
  }

  const ClassedProblem& problem_;
  std::span<const std::vector<std::int64_t>> capacities_;
  const SolveOptions& options_;
  SolveOptions point_options_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  OpenClasses open_;
  SortedClasses sorted_;
  std::vector<FrontierPoint> points_;
};

void check_feasible(const ClassedProblem& problem, const FrontierPoint& point) {
  if (point.status == Status::kInfeasible) return;
  for (std::size_t i = 0; i < point.capacities.size(); ++i) {
    Int128 load = 0;
    for (std::size_t c = 0; c < point.counts.size(); ++c) {
      load += Int128{point.counts[c]} * problem.classes()[c].weights[i];
    }
    ESPALIER_CHECK(load <= point.capacities[i]);
  }
}

void check_rows(std::span<const std::int64_t> capacities, std::span<const int> rows,
                std::span<const std::vector<std::int64_t>> steps) {
  if (rows.size() != steps.size()) {
    throw Error("found " + std::to_string(steps.size()) +
                " lists of budgets; expected one per row, " + std::to_string(rows.size()));
  }
  for (const int row : rows) {
    if (row < 0 || static_cast<std::size_t>(row) >= capacities.size()) {
      throw Error("there is no row " + std::to_string(row) + "; expected 0 to " +
                  std::to_string(capacities.size() - 1));
    }
  }
}

}  // namespace

std::vector<FrontierPoint> trace_frontier(const ClassedProblem& problem,
                                          std::span<const std::vector<std::int64_t>> capacities,
                                          const SolveOptions& options) {
  if (options.threads < 1) {
    throw Error("threads is " + std::to_string(options.threads) + "; expected at least 1");
  }
  for (const auto& budgets : capacities) problem.check_capacities(budgets);
  auto points = Tracer(problem, capacities, options).run();
  for (const FrontierPoint& point : points) check_feasible(problem, point);
  return points;
}

std::vector<std::vector<std::int32_t>> best_items(const ClassedProblem& problem,
                                                  std::span<const std::int64_t> counts,
                                                  int threads) {
  if (counts.size() != problem.classes().size()) {
    throw Error("found " + std::to_string(counts.size()) + " counts; expected one per class, " +
                std::to_string(problem.classes().size()));
  }
  for (std::size_t c = 0; c < counts.size(); ++c) {
    const ItemClass& klass = problem.classes()[c];
    const auto least = static_cast<std::int64_t>(klass.always.size());
    const auto most = static_cast<std::int64_t>(klass.profits.size() - klass.never.size());
    if (counts[c] < least || counts[c] > most) {
      throw Error("the count of class " + std::to_string(c) + " is " + std::to_string(counts[c]) +
                  "; expected " + std::to_string(least) + " to " + std::to_string(most));
    }
  }
  return select_best(problem, OpenClasses(problem), {}, counts, threads).items;
}

std::vector<std::int64_t> budget_steps(std::int64_t from, std::int64_t to, int steps) {
  if (steps < 2) throw Error("found " + std::to_string(steps) + " steps; expected at least 2");
  std::vector<std::int64_t> values;
  for (int k = 0; k < steps; ++k) {
    const Int128 way = (Int128{to} - from) * k;
    values.push_back(static_cast<std::int64_t>(from + floor_div(way, Int128{steps - 1})));
  }
  return values;
}

std::vector<std::int64_t> budgets_by_step(std::int64_t from, std::int64_t to, std::int64_t step) {
  constexpr std::int64_t kMostBudgets = 10'000'000;
  if (step < 1) throw Error("the step is " + std::to_string(step) + "; expected at least 1");
  if (to < from) {
    throw Error("the budgets go from " + std::to_string(from) + " to " + std::to_string(to) +
                "; expected them to rise");
  }
  const Int128 count = (Int128{to} - from) / step + 1;
  if (count > kMostBudgets) throw Error("more than 10^7 budgets; expected a larger step");
  std::vector<std::int64_t> values;
  for (std::int64_t k = 0; k < static_cast<std::int64_t>(count); ++k) {
    values.push_back(from + k * step);
  }
  return values;
}

std::vector<std::vector<std::int64_t>> budget_line(
    std::span<const std::int64_t> capacities, std::span<const int> rows,
    std::span<const std::vector<std::int64_t>> steps) {
  check_rows(capacities, rows, steps);
  std::vector<std::vector<std::int64_t>> all;
  for (std::size_t k = 0; !steps.empty() && k < steps.front().size(); ++k) {
    std::vector<std::int64_t> now(capacities.begin(), capacities.end());
    for (std::size_t r = 0; r < rows.size(); ++r) {
      if (steps[r].size() != steps.front().size()) {
        throw Error("the rows have different numbers of budgets; expected the same for a line");
      }
      now[static_cast<std::size_t>(rows[r])] = steps[r][k];
    }
    all.push_back(std::move(now));
  }
  return all;
}

std::vector<std::vector<std::int64_t>> budget_grid(
    std::span<const std::int64_t> capacities, std::span<const int> rows,
    std::span<const std::vector<std::int64_t>> steps) {
  check_rows(capacities, rows, steps);
  std::vector<std::vector<std::int64_t>> all = {{capacities.begin(), capacities.end()}};
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::vector<std::vector<std::int64_t>> longer;
    bool is_forward = true;
    for (const auto& base : all) {
      // To and fro, so that neighbours in the list are neighbours in the grid.
      for (std::size_t k = 0; k < steps[r].size(); ++k) {
        longer.push_back(base);
        longer.back()[static_cast<std::size_t>(rows[r])] =
            steps[r][is_forward ? k : steps[r].size() - 1 - k];
      }
      is_forward = !is_forward;
    }
    all = std::move(longer);
  }
  return all;
}

}  // namespace espalier::solver
