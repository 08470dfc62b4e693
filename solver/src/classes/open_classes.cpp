#include "classes/open_classes.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>

namespace espalier::solver {
namespace {

bool is_positive(std::int64_t profit) { return profit > 0; }

/// Profits of the items that are neither always nor never chosen.
std::vector<std::int64_t> profits_of_free(const ItemClass& klass) {
  std::vector<std::uint8_t> is_fixed(klass.profits.size(), 0);
  for (const auto j : klass.always) is_fixed[static_cast<std::size_t>(j)] = 1;
  for (const auto j : klass.never) is_fixed[static_cast<std::size_t>(j)] = 1;
  std::vector<std::int64_t> profits;
  for (std::size_t j = 0; j < is_fixed.size(); ++j) {
    if (is_fixed[j] == 0) profits.push_back(klass.profits[j]);
  }
  return profits;
}

}  // namespace

OpenClasses::OpenClasses(const ClassedProblem& problem) : problem_(&problem) {
  auto prepared = std::make_shared<std::vector<Prepared>>();
  prepared->reserve(problem.classes().size());
  for (std::size_t c = 0; c < problem.classes().size(); ++c) {
    prepared->push_back(prepare(problem, c));
  }
  prepared_ = std::move(prepared);
  set_capacities(problem.capacities());
}

OpenClasses::Prepared OpenClasses::prepare(const ClassedProblem& problem, std::size_t c) {
  const ItemClass& klass = problem.classes()[c];
  Prepared prepared;
  prepared.is_weightless = std::all_of(klass.weights.begin(), klass.weights.end(),
                                       [](std::int64_t weight) { return weight == 0; });
  prepared.floor = klass.min_kept;
  prepared.profits = klass.profits;
  const bool is_fixed = !klass.always.empty() || !klass.never.empty();
  if (is_fixed || (klass.min_kept > 0 && problem.has_unprofitable(c))) {
    // The floor may reach into unprofitable items: its items are decided here and leave the list.
    prepared.copy = profits_of_free(klass);
    const auto always = static_cast<std::int64_t>(klass.always.size());
    const std::int64_t forced = std::max<std::int64_t>(0, klass.min_kept - always);
    const auto end = prepared.copy.begin() + forced;
    if (forced > 0 && end != prepared.copy.end()) {
      std::nth_element(prepared.copy.begin(), end, prepared.copy.end(), std::greater<>());
    }
    prepared.decided_profit = std::accumulate(prepared.copy.begin(), end, prepared.decided_profit);
    for (const auto j : klass.always) {
      prepared.decided_profit += klass.profits[static_cast<std::size_t>(j)];
    }
    prepared.copy.erase(prepared.copy.begin(), end);
    prepared.profits = prepared.copy;
    prepared.decided = always + forced;
    prepared.floor = 0;
  }
  if (prepared.is_weightless) {
    prepared.default_count =
        std::count_if(prepared.profits.begin(), prepared.profits.end(), is_positive);
  } else {
    prepared.default_count = prepared.floor;
  }
  return prepared;
}

void OpenClasses::set_capacities(std::span<const std::int64_t> capacities) {
  capacities_.assign(capacities.begin(), capacities.end());
  std::vector<std::int64_t> room = capacities_;  // beside the floors
  const auto classes = problem_->classes();
  for (std::size_t c = 0; c < classes.size(); ++c) {
    for (std::size_t i = 0; i < capacities_.size(); ++i) {
      const std::int64_t weight = classes[c].weights[i];
      capacities_[i] -= (*prepared_)[c].decided * weight;
      room[i] -= ((*prepared_)[c].decided + (*prepared_)[c].floor) * weight;
    }
  }
  is_infeasible_ =
      std::any_of(room.begin(), room.end(), [](std::int64_t left) { return left < 0; });
  open_.clear();
  if (is_infeasible_) return;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const Prepared& prepared = (*prepared_)[c];
    if (prepared.is_weightless || prepared.profits.empty()) continue;
    const auto& weights = classes[c].weights;
    const bool fits =
        std::equal(weights.begin(), weights.end(), room.begin(),
                   [](std::int64_t weight, std::int64_t left) { return weight <= left; });
    if (fits) {
      const bool has_all_items = prepared.profits.data() == classes[c].profits.data();
      open_.push_back({c, weights, prepared.profits, prepared.floor, has_all_items});
      continue;
    }
    for (std::size_t i = 0; i < capacities_.size(); ++i) {
      capacities_[i] -= prepared.floor * weights[i];
    }
  }
}

std::vector<std::int64_t> OpenClasses::all_counts(std::span<const std::int64_t> open_counts) const {
  std::vector<std::int64_t> counts;
  for (const Prepared& prepared : *prepared_) {
    counts.push_back(prepared.decided + prepared.default_count);
  }
  for (std::size_t k = 0; k < open_.size(); ++k) {
    const std::size_t c = open_[k].class_index;
    counts[c] = (*prepared_)[c].decided + open_counts[k];
  }
  return counts;
}

}  // namespace espalier::solver
