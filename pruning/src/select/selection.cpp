#include "espalier/pruning/selection.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <utility>

#include "espalier/solver/classes.hpp"
#include "espalier/solver/real_profits.hpp"
#include "espalier/solver/result_io.hpp"
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

std::vector<std::int64_t> checked_floors(const std::vector<std::int64_t>& floors,
                                         std::size_t layers) {
  if (floors.empty()) return std::vector<std::int64_t>(layers, 0);
  if (floors.size() != layers) {
    throw Error("found floors of " + std::to_string(floors.size()) + " layers; expected " +
                std::to_string(layers) + " or none");
  }
  for (const std::int64_t floor : floors) {
    if (floor < 0) {
      throw Error("a floor is " + std::to_string(floor) + " structures; expected 0 or more");
    }
  }
  return floors;
}

void check_room_for_floors(const Resources& floors, const Resources& budget) {
  for (const ResourceDimension& d : kResourceDimensions) {
    if (floors.*d.amount > 0 && floors.*d.amount > budget.*d.amount) {
      throw Error("the structures that are kept in any case need " +
                  std::to_string(floors.*d.amount) + " " + d.name + "; the budget is " +
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

/// The open candidates in classes of equal cost, most valuable first.
struct CandidateClasses {
  std::vector<std::vector<Candidate>> members;
  solver::ClassedProblem problem;
};

CandidateClasses classes_of(const std::vector<Candidate>& open,
                            const std::vector<ResourceDimension>& rows, const Resources& room) {
  std::map<std::vector<std::int64_t>, std::vector<Candidate>> by_cost;
  for (const Candidate& c : open) {
    std::vector<std::int64_t> weights;
    for (const ResourceDimension& d : rows) weights.push_back(c.cost.*d.amount);
    by_cost[std::move(weights)].push_back(c);
  }
  std::vector<std::vector<Candidate>> members;
  std::vector<solver::ItemClass> classes;
  for (auto& [weights, candidates] : by_cost) {
    std::sort(candidates.begin(), candidates.end(), more_valuable);
    solver::ItemClass item_class{.weights = weights, .profits = {}};
    for (const Candidate& c : candidates) item_class.profits.push_back(c.value);
    classes.push_back(std::move(item_class));
    members.push_back(std::move(candidates));
  }
  std::vector<std::int64_t> capacities;
  for (const ResourceDimension& d : rows) capacities.push_back(room.*d.amount);
  return {std::move(members), {std::move(classes), std::move(capacities)}};
}

std::int64_t total_value(const std::vector<Candidate>& candidates) noexcept {
  std::int64_t sum = 0;
  for (const Candidate& c : candidates) sum += c.value;
  return sum;
}

/// What a choice among the open candidates yields; all in scaled integers.
struct Choice {
  std::vector<Candidate> taken = {};
  std::int64_t bound = 0;
  std::int64_t rows = 0;
  std::int64_t nodes = 0;
  solver::Status status = solver::Status::kOptimal;
  std::vector<double> multipliers = {};
};

Choice choose_exactly(const std::vector<Candidate>& open, const Resources& room,
                      const SelectOptions& options) {
  if (open.empty()) return {};
  const auto rows = rows_of(open);
  const CandidateClasses classes = classes_of(open, rows, room);
  solver::SolveOptions solve_options;
  solve_options.threads = options.threads;
  solve_options.deterministic = true;
  solve_options.stop = options.stop;
  solver::ClassedStart start;
  if (options.start_multipliers.size() == rows.size()) {
    start.multipliers = options.start_multipliers;
  }
  const solver::ClassedResult result = solver::solve_classed(classes.problem, solve_options, start);
  ESPALIER_CHECK(result.status != solver::Status::kInfeasible);  // the empty set fits

  Choice choice;
  Resources used;
  for (std::size_t c = 0; c < classes.members.size(); ++c) {
    for (const std::int32_t position : result.selected[c]) {
      choice.taken.push_back(classes.members[c][static_cast<std::size_t>(position)]);
      used = used + choice.taken.back().cost;
    }
  }
  choice.bound = result.bound;
  choice.rows = static_cast<std::int64_t>(rows.size());
  choice.nodes = result.statistics.count_vectors + result.statistics.general_nodes;
  choice.status = result.status;
  choice.multipliers = result.next.multipliers;
  ESPALIER_CHECK(fits(used, room));
  ESPALIER_CHECK(total_value(choice.taken) == result.objective);
  ESPALIER_CHECK(result.objective <= result.bound);
  return choice;
}

Choice choose(const std::vector<Candidate>& open, const Resources& room,
              const SelectOptions& options) {
  if (options.method == SelectionMethod::kExact) return choose_exactly(open, room, options);
  Choice choice;
  choice.taken = options.method == SelectionMethod::kGreedy    ? greedy_choice(open, room)
                 : options.method == SelectionMethod::kUniform ? uniform_choice(open, room)
                                                               : magnitude_choice(open, room);
  choice.rows = static_cast<std::int64_t>(rows_of(open).size());
  choice.status = solver::Status::kFeasible;
  return choice;
}

}  // namespace

Selection select_structures(const std::vector<LayerStructures>& structures,
                            const std::vector<std::vector<double>>& values, const Resources& budget,
                            const SelectOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const std::vector<double> flat = flatten(structures, values);
  check_values(flat);
  const solver::ScaledProfits profits = solver::scale_profits(flat, solver::kSearchProfitBits);
  const solver::ProfitScale& scale = profits.scale;
  const Candidates candidates = gather_candidates(
      structures, profits.scaled, checked_floors(options.floors, structures.size()));
  check_room_for_floors(candidates.kept_cost, budget);
  const Resources room = budget - candidates.kept_cost;
  const Choice choice = choose(candidates.open, room, options);
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
  result.bound = options.method == SelectionMethod::kExact
                     ? scale.in_real_units(kept_value + choice.bound)
                     : std::numeric_limits<double>::infinity();
  result.scaling_error = scale.error;
  result.greedy_objective =
      scale.in_real_units(kept_value + total_value(greedy_choice(candidates.open, room)));
  result.items = static_cast<std::int64_t>(candidates.open.size());
  result.rows = choice.rows;
  result.nodes = choice.nodes;
  result.multipliers = choice.multipliers;
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace espalier::pruning
