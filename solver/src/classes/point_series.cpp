#include "classes/point_series.hpp"

#include <cmath>
#include <utility>

#include "espalier/support/check.hpp"
#include "espalier/support/exact.hpp"

#include "classes/count_solver.hpp"

namespace espalier::solver {
namespace {

void check_feasible(const ClassedProblem& problem, const FrontierPoint& point) {
  for (std::size_t i = 0; i < point.capacities.size(); ++i) {
    Int128 load = 0;
    for (std::size_t c = 0; c < point.counts.size(); ++c) {
      load += Int128{point.counts[c]} * problem.classes()[c].weights[i];
    }
    ESPALIER_CHECK(load <= point.capacities[i]);
  }
}

}  // namespace

PointSeries::PointSeries(const ClassedProblem& problem, const OpenClasses& open,
                         const SortedClasses& sorted)
    : problem_(problem),
      sorted_(sorted),
      open_(open),
      last_(origin(static_cast<std::size_t>(problem.num_rows()))) {}

FrontierPoint PointSeries::next(std::span<const std::int64_t> capacities,
                                const SolveOptions& options,
                                const std::function<double()>& seconds_gone) {
  FrontierPoint point;
  point.capacities.assign(capacities.begin(), capacities.end());
  open_.set_capacities(capacities);
  std::vector<std::size_t> now_open;
  for (const OpenClass& of : open_.open()) now_open.push_back(of.class_index);
  if (now_open != last_open_) {
    // The supports of the last point name classes by their place among the open ones.
    last_ = origin(capacities.size());
    past_.clear();
    last_open_ = std::move(now_open);
  }
  if (open_.is_infeasible()) return point;

  SortedCurves curves(sorted_, open_);
  std::vector<double> expected = extrapolated(capacities);
  if (expected.empty()) expected = curves.rough_multipliers();
  last_ = curves.minimise(std::move(expected), std::move(last_.taken));
  const CountSolution solution = solve_counts(
      {open_.capacities(), problem_.max_profit(), problem_.profit_unit(), &options, seconds_gone},
      curves, last_);
  point.counts = open_.all_counts(solution.counts);
  point.objective = sorted_.objective(open_, point.counts);
  point.bound = point.objective + solution.possible_gain;
  point.stop_reason = solution.stop_reason;
  point.status = solution.stop_reason == StopReason::kNone ? Status::kOptimal : Status::kFeasible;
  point.multipliers = last_.multipliers;
  check_feasible(problem_, point);
  remember(point);
  return point;
}

/// Empty where the capacities do not go on in the direction of the last two points.
std::vector<double> PointSeries::extrapolated(std::span<const std::int64_t> capacities) const {
  std::vector<double> multipliers;
  if (past_.size() < 2) return multipliers;
  const auto step = [](std::int64_t from, std::int64_t to) {
    return static_cast<double>(to) - static_cast<double>(from);
  };
  const auto& before = past_[0];
  const auto& last = past_[1];
  double ratio = 0.0;
  double largest = 0.0;
  for (std::size_t i = 0; i < capacities.size(); ++i) {
    const double old_step = step(before.capacities[i], last.capacities[i]);
    if (std::abs(old_step) <= largest) continue;
    largest = std::abs(old_step);
    ratio = step(last.capacities[i], capacities[i]) / old_step;
  }
  for (std::size_t i = 0; i < capacities.size(); ++i) {
    const double old_step = step(before.capacities[i], last.capacities[i]);
    const double miss = step(last.capacities[i], capacities[i]) - ratio * old_step;
    const double y = last.multipliers[i];
    const double now = y + ratio * (y - before.multipliers[i]);
    // What would halve or double is not smooth enough to be guessed.
    if (!(ratio > 0.0) || std::abs(miss) > 0.01 * largest || now < 0.5 * y || now > 2.0 * y) {
      return {};
    }
    multipliers.push_back(now);
  }
  return multipliers;
}

void PointSeries::remember(const FrontierPoint& point) {
  if (past_.size() == 2) past_.erase(past_.begin());
  past_.push_back({point.capacities, point.multipliers});
}

}  // namespace espalier::solver
