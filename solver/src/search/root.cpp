#include "search/root.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace espalier::solver {
void solve_cold(NodeRelaxation& relaxation, const RootSubproblem& subproblem, StackArena& arena) {
  constexpr double kNoCutoff = -std::numeric_limits<double>::infinity();
  arena.release({});
  relaxation.start(subproblem.items, subproblem.taken, subproblem.cardinality, arena);
  if (relaxation.reoptimize(kNoCutoff) == LpOutcome::kUnstable) relaxation.recover();
  relaxation.bound_is_below(0, subproblem.taken);
}

RootRelaxation::RootRelaxation(const CoreProblem& core) : model_(core, false), relaxation_(model_) {
  RootSubproblem whole;
  whole.items.resize(static_cast<std::size_t>(core.num_items));
  std::iota(whole.items.begin(), whole.items.end(), 0);
  solve_cold(relaxation_, whole, arena_);
  bound_ = relaxation_.bound();
  integer_bound_ = relaxation_.integer_bound();
  for (int column = 0; column < core.num_items; ++column) {
    if (relaxation_.is_at_one(column)) num_chosen_ += 1.0;
  }
  for (int row = 0; row < relaxation_.num_rows(); ++row) {
    if (relaxation_.basic_column(row) >= 0) num_chosen_ += relaxation_.basic_value(row);
  }
  relaxation_.save(solved_, arena_);
}

std::vector<double> RootRelaxation::reduced_costs() const {
  std::vector<double> costs(static_cast<std::size_t>(model_.core.num_items));
  for (std::size_t j = 0; j < costs.size(); ++j) {
    costs[j] = relaxation_.reduced_cost(static_cast<int>(j));
  }
  return costs;
}

std::vector<double> RootRelaxation::point() const {
  std::vector<double> values(static_cast<std::size_t>(model_.core.num_items));
  for (std::size_t j = 0; j < values.size(); ++j) {
    values[j] = relaxation_.is_at_one(static_cast<int>(j)) ? 1.0 : 0.0;
  }
  for (int row = 0; row < relaxation_.num_rows(); ++row) {
    const int column = relaxation_.basic_column(row);
    if (column < 0) continue;
    values[static_cast<std::size_t>(column)] = std::clamp(relaxation_.basic_value(row), 0.0, 1.0);
  }
  return values;
}

std::vector<double> RootRelaxation::duals() const {
  std::vector<double> duals;
  for (std::size_t i = 0; i < relaxation_.duals().size(); ++i) {
    duals.push_back(std::ldexp(relaxation_.duals()[i], -model_.exponents[i]));
  }
  return duals;
}

RootSubproblem RootRelaxation::reduce(std::int64_t threshold) {
  RootSubproblem reduced;
  reduced.bound = bound_;
  relaxation_.load(solved_);
  relaxation_.bound_is_below(threshold, {});
  relaxation_.fix_columns(threshold, reduced.taken);
  for (int column = 0; column < model_.core.num_items; ++column) {
    if (relaxation_.is_free(column)) reduced.items.push_back(column);
  }
  return reduced;
}

std::vector<RootSubproblem> split_by_cardinality(const LpModel& model, const RootSubproblem& whole,
                                                 double num_chosen, std::int64_t threshold,
                                                 const std::function<bool()>& is_stopped) {
  std::vector<RootSubproblem> roots;
  StackArena arena;
  NodeRelaxation relaxation(model);
  RootSubproblem part = whole;
  const auto least = static_cast<std::int64_t>(whole.taken.size());
  const auto most = least + static_cast<std::int64_t>(whole.items.size());
  const auto scan = [&](std::int64_t from, std::int64_t step) {
    for (std::int64_t k = from; k >= least && k <= most; k += step) {
      part.cardinality = k;
      part.bound = whole.bound;
      if (is_stopped()) {
        roots.push_back(part);
        return;
      }
      solve_cold(relaxation, part, arena);
      part.bound = std::min(part.bound, relaxation.bound());
      const bool is_below = relaxation.bound_is_below(threshold, whole.taken);
      if (!is_below) roots.push_back(part);
      // U(k') <= U(k) + y (k' - k) for every k'; when that falls outwards, nothing further can
      // pass.
      const double y = relaxation.duals().back();
      if (is_below && y * static_cast<double>(step) <= 0.0) return;
    }
  };
  const auto middle = std::clamp(static_cast<std::int64_t>(std::floor(num_chosen)), least, most);
  scan(middle, -1);
  scan(middle + 1, 1);
  std::sort(roots.begin(), roots.end(),
            [](const auto& a, const auto& b) { return a.bound > b.bound; });
  return roots;
}

}  // namespace espalier::solver
