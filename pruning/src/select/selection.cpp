#include "espalier/pruning/selection.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "espalier/solver/real_profits.hpp"
#include "espalier/solver/result_io.hpp"
#include "espalier/solver/solve.hpp"
#include "espalier/support/check.hpp"
#include "espalier/support/error.hpp"

#include "select/candidates.hpp"
#include "select/greedy.hpp"
#include "select/resource_rows.hpp"

namespace espalier::pruning {
namespace {

using resource_model::LayerStructures;
using resource_model::Resources;

std::vector<double> flatten(const std::vector<LayerStructures>& structures,
                            const std::vector<std::vector<double>>& values) {
  if (structures.size() != values.size()) {
    throw Error("found values of " + std::to_string(values.size()) + " layers; expected " +
                std::to_string(structures.size()));
  }
  std::vector<double> flat;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (static_cast<std::int64_t>(values[i].size()) != structures[i].num_structures) {
      throw Error("found " + std::to_string(values[i].size()) + " structure values of layer " +
                  std::to_string(structures[i].layer) + "; expected " +
                  std::to_string(structures[i].num_structures));
    }
    flat.insert(flat.end(), values[i].begin(), values[i].end());
  }
  return flat;
}

void check_values(const std::vector<double>& values) {
  for (std::size_t j = 0; j < values.size(); ++j) {
    if (!(values[j] >= 0.0) || std::isinf(values[j])) {
      throw Error("value of structure " + std::to_string(j) + " is " + std::to_string(values[j]) +
                  "; expected a finite number >= 0");
    }
  }
}

void check_floor(const Resources& floor, const Resources& budget, int min_per_layer) {
  for (const ResourceDimension& d : kResourceDimensions) {
    if (floor.*d.amount > 0 && floor.*d.amount > budget.*d.amount) {
      throw Error("the " + std::to_string(min_per_layer) +
                  " most valuable structures of each layer need " +
                  std::to_string(floor.*d.amount) + " " + d.name + "; the budget is " +
                  std::to_string(budget.*d.amount));
    }
  }
}

/// Dimensions in which some candidate costs something.
std::vector<ResourceDimension> rows_of(const std::vector<Candidate>& open) {
  std::vector<ResourceDimension> rows;
  for (const ResourceDimension& d : kResourceDimensions) {
    if (std::any_of(open.begin(), open.end(),
                    [&](const Candidate& c) { return c.cost.*d.amount > 0; })) {
      rows.push_back(d);
    }
  }
  return rows;
}

solver::Problem make_problem(const std::vector<Candidate>& open,
                             const std::vector<ResourceDimension>& rows, const Resources& room) {
  std::vector<std::int64_t> profits;
  std::vector<std::int64_t> weights;
  std::vector<std::int64_t> capacities;
  for (const Candidate& c : open) profits.push_back(c.value);
  for (const ResourceDimension& d : rows) {
    for (const Candidate& c : open) weights.push_back(c.cost.*d.amount);
    capacities.push_back(room.*d.amount);
  }
  return {std::move(profits), std::move(weights), std::move(capacities)};
}

/// Of candidates with equal cost takes as many as `selected` does, the most valuable first: never
/// worse, and it makes the choice among equally good selections a matter of order, not of chance.
std::vector<Candidate> take_best_of_equal_cost(const std::vector<Candidate>& open,
                                               const std::vector<std::int32_t>& selected) {
  using Cost = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t>;
  const auto key = [](const Candidate& c) {
    return Cost{c.cost.dsp, c.cost.bram18, c.cost.lut, c.cost.ff};
  };
  std::map<Cost, std::int64_t> count;
  for (const std::int32_t j : selected) ++count[key(open[static_cast<std::size_t>(j)])];
  std::vector<Candidate> ordered = open;
  std::sort(ordered.begin(), ordered.end(), more_valuable);
  std::vector<Candidate> taken;
  for (const Candidate& c : ordered) {
    if (const auto it = count.find(key(c)); it != count.end() && it->second > 0) {
      --it->second;
      taken.push_back(c);
    }
  }
  return taken;
}

std::int64_t total_value(const std::vector<Candidate>& candidates) noexcept {
  std::int64_t sum = 0;
  for (const Candidate& c : candidates) sum += c.value;
  return sum;
}

/// What the exact choice among the open candidates yields; all in scaled integers.
struct Choice {
  std::vector<Candidate> taken;
  std::int64_t bound = 0;
  std::int64_t rows = 0;
  std::int64_t nodes = 0;
  solver::Status status = solver::Status::kOptimal;
};

Choice choose(const std::vector<Candidate>& open, const Resources& room, int threads,
              std::stop_token stop) {
  if (open.empty()) return {};
  const auto rows = rows_of(open);
  const solver::Problem problem = make_problem(open, rows, room);
  solver::SolveOptions options;
  options.threads = threads;
  options.deterministic = true;
  options.stop = std::move(stop);
  const solver::Result result = solver::solve(problem, options);
  ESPALIER_CHECK(result.status != solver::Status::kInfeasible);  // the empty set fits
  ESPALIER_CHECK(solver::is_feasible(problem, result.selected));

  Choice choice;
  choice.taken = take_best_of_equal_cost(open, result.selected);
  choice.bound = result.bound;
  choice.rows = static_cast<std::int64_t>(rows.size());
  choice.nodes = result.statistics.nodes;
  choice.status = result.status;
  const std::int64_t value = total_value(choice.taken);
  ESPALIER_CHECK(value >= result.objective && value <= result.bound);
  return choice;
}

}  // namespace

Selection select_structures(const std::vector<LayerStructures>& structures,
                            const std::vector<std::vector<double>>& values, const Resources& budget,
                            int min_per_layer, int threads, std::stop_token stop) {
  if (min_per_layer < 0) {
    throw Error("the floor is " + std::to_string(min_per_layer) +
                " structures per layer; expected 0 or more");
  }
  const auto start = std::chrono::steady_clock::now();
  const std::vector<double> flat = flatten(structures, values);
  check_values(flat);
  const solver::ScaledProfits profits = solver::scale_profits(flat, solver::kSearchProfitBits);
  const solver::ProfitScale& scale = profits.scale;
  const Candidates candidates = gather_candidates(structures, profits.scaled, min_per_layer);
  check_floor(candidates.kept_cost, budget, min_per_layer);
  const Resources room = budget - candidates.kept_cost;
  const Choice choice = choose(candidates.open, room, threads, std::move(stop));
  const std::int64_t kept_value = total_value(candidates.kept);

  Selection result;
  for (const LayerStructures& layer : structures) {
    result.kept.emplace_back(static_cast<std::size_t>(layer.num_structures), std::uint8_t{0});
  }
  for (const auto* part : {&candidates.kept, &choice.taken}) {
    for (const Candidate& c : *part) {
      result.kept[static_cast<std::size_t>(c.layer)][static_cast<std::size_t>(c.structure)] = 1;
      result.used = result.used + c.cost;
    }
  }
  result.status = solver::to_string(choice.status);
  result.objective = scale.in_real_units(kept_value + total_value(choice.taken));
  result.bound = scale.in_real_units(kept_value + choice.bound);
  result.scaling_error = scale.error;
  result.greedy_objective =
      scale.in_real_units(kept_value + total_value(greedy_choice(candidates.open, room)));
  result.items = static_cast<std::int64_t>(candidates.open.size());
  result.rows = choice.rows;
  result.nodes = choice.nodes;
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace espalier::pruning
