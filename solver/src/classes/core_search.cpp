#include "classes/core_search.hpp"

#include <algorithm>

#include "espalier/solver/solve.hpp"
#include "espalier/support/check.hpp"

#include "classes/deviations.hpp"
#include "classes/multipliers.hpp"

namespace espalier::solver {
namespace {

/// Items of one class that the core takes in: those between the two counts.
struct Stretch {
  std::int64_t least = 0;
  std::int64_t most = 0;
};

/// Furthest deviation of one sign that costs at most `limit`.
std::int64_t furthest(Deviations& deviations, std::int64_t sign, std::int64_t limit) {
  std::int64_t delta = 0;
  while (deviations.loss(delta + sign) <= limit) delta += sign;
  return delta;
}

}  // namespace

CoreSearchResult search_core(const CountSearchInput& input, const CountSearchResult& found,
                             const SolveOptions& options, std::int64_t max_items) {
  CoreSearchResult result;
  const std::size_t classes = input.curves.size();
  const std::size_t rows = input.capacities.size();
  const IntegerMultipliers multipliers = round_multipliers(*input.point, input.max_profit);
  std::vector<Stretch> stretches(classes);
  std::vector<std::int64_t> capacities(input.capacities.begin(), input.capacities.end());
  for (std::size_t c = 0; c < classes; ++c) {
    const ClassCurve& curve = input.curves[c];
    if (found.counts.empty()) {
      if (curve.goes_on_above || curve.goes_on_below) result.too_small.push_back(c);
      stretches[c] = {curve.above + static_cast<std::int64_t>(curve.first),
                      curve.above + static_cast<std::int64_t>(curve.values.size())};
    } else {
      Deviations deviations(curve, multipliers.threshold(curve.weights), multipliers.shift);
      const std::int64_t base = deviations.base_count();
      stretches[c] = {base + furthest(deviations, -1, found.loss),
                      base + furthest(deviations, 1, found.loss)};
      if (deviations.is_cut_short(found.loss)) result.too_small.push_back(c);
    }
    for (std::size_t i = 0; i < rows; ++i) {
      capacities[i] -= stretches[c].least * curve.weights[i];
    }
  }
  for (const Stretch& stretch : stretches) result.items += stretch.most - stretch.least;
  result.is_too_large = result.items > max_items;
  if (result.is_too_large) result.too_small.clear();
  if (result.is_too_large || !result.too_small.empty()) return result;

  std::vector<std::int64_t> profits;
  std::vector<std::size_t> class_of;
  SolveOptions core_options = options;
  core_options.start.clear();
  core_options.item_classes = false;
  for (std::size_t c = 0; c < classes; ++c) {
    const ClassCurve& curve = input.curves[c];
    for (std::int64_t count = stretches[c].least; count < stretches[c].most; ++count) {
      if (!found.counts.empty() && count < found.counts[c]) {
        core_options.start.push_back(static_cast<std::int32_t>(profits.size()));
      }
      profits.push_back(curve.values[static_cast<std::size_t>(count - curve.above)]);
      class_of.push_back(c);
    }
    result.counts.push_back(stretches[c].least);
  }
  if (profits.empty()) return result;
  std::vector<std::int64_t> weights;
  for (std::size_t i = 0; i < rows; ++i) {
    for (const std::size_t c : class_of) weights.push_back(input.curves[c].weights[i]);
  }
  const Problem core(std::move(profits), std::move(weights), std::move(capacities));
  const Result solved = solve(core, core_options);
  ESPALIER_CHECK(solved.status != Status::kInfeasible);
  for (const std::int32_t j : solved.selected) {
    ++result.counts[class_of[static_cast<std::size_t>(j)]];
  }
  result.possible_gain = solved.status == Status::kOptimal ? 0 : solved.bound - solved.objective;
  result.stop_reason = solved.stop_reason;
  result.gain = solved.objective - objective_of(core, core_options.start);
  result.nodes = solved.statistics.nodes;
  return result;
}

}  // namespace espalier::solver
