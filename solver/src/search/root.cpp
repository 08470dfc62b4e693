#include "search/root.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "lp/node_relaxation.hpp"
#include "model/stack_arena.hpp"

namespace espalier::solver {
namespace {

std::vector<std::int32_t> all_items(const CoreProblem& core) {
  std::vector<std::int32_t> items(static_cast<std::size_t>(core.num_items));
  std::iota(items.begin(), items.end(), 0);
  return items;
}

/// Solves a subproblem from scratch and leaves bound and reduced costs behind.
void solve_cold(NodeRelaxation& relaxation, std::span<const std::int32_t> items,
                std::int64_t cardinality, StackArena& arena) {
  constexpr double kNoCutoff = -std::numeric_limits<double>::infinity();
  arena.release({});
  relaxation.start(items, {}, cardinality, arena);
  if (relaxation.reoptimize(kNoCutoff) == LpOutcome::kUnstable) relaxation.recover();
  relaxation.bound_is_below(0, {});
}

}  // namespace

RootRelaxation solve_root_relaxation(const CoreProblem& core) {
  const LpModel model(core, false);
  StackArena arena;
  NodeRelaxation relaxation(model);
  const auto items = all_items(core);
  solve_cold(relaxation, items, 0, arena);

  RootRelaxation root;
  root.bound = relaxation.bound();
  root.integer_bound = relaxation.integer_bound();
  root.lp_iterations = relaxation.iterations();
  root.reduced_costs.resize(items.size());
  root.values.resize(items.size());
  for (int column = 0; column < core.num_items; ++column) {
    const auto item = static_cast<std::size_t>(column);
    root.reduced_costs[item] = relaxation.reduced_cost(column);
    root.values[item] = relaxation.is_at_one(column) ? 1.0 : 0.0;
  }
  for (int row = 0; row < relaxation.num_rows(); ++row) {
    const int column = relaxation.basic_column(row);
    if (column >= 0) root.values[static_cast<std::size_t>(column)] = relaxation.basic_value(row);
  }
  root.num_chosen = std::accumulate(root.values.begin(), root.values.end(), 0.0);
  return root;
}

std::vector<RootSubproblem> split_by_cardinality(const LpModel& model, const RootRelaxation& root,
                                                 std::int64_t threshold) {
  std::vector<RootSubproblem> roots;
  const auto add = [&](std::int64_t cardinality, double bound) {
    RootSubproblem& subproblem = roots.emplace_back();
    subproblem.items = all_items(model.core);
    subproblem.cardinality = cardinality;
    subproblem.bound = bound;
  };
  if (!model.has_cardinality) {
    add(0, root.bound);
    return roots;
  }
  StackArena arena;
  NodeRelaxation relaxation(model);
  const auto items = all_items(model.core);
  const auto scan = [&](std::int64_t from, std::int64_t step) {
    for (std::int64_t k = from; k >= 0 && k <= model.core.num_items; k += step) {
      solve_cold(relaxation, items, k, arena);
      const bool is_below = relaxation.bound_is_below(threshold, {});
      if (!is_below) add(k, relaxation.bound());
      // U(k') <= U(k) + y (k' - k) for every k'; when that falls outwards, nothing further can
      // pass.
      const double y = relaxation.duals().back();
      if (is_below && y * static_cast<double>(step) <= 0.0) break;
    }
  };
  const auto middle = static_cast<std::int64_t>(std::floor(root.num_chosen));
  scan(middle, -1);
  scan(middle + 1, 1);
  std::sort(roots.begin(), roots.end(),
            [](const auto& a, const auto& b) { return a.bound > b.bound; });
  return roots;
}

}  // namespace espalier::solver
