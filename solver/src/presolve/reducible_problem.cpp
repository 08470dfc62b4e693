#include "presolve/reducible_problem.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "espalier/support/check.hpp"

namespace espalier::solver {

ReducibleProblem::ReducibleProblem(const Problem& problem)
    : profits_(problem.profits().begin(), problem.profits().end()),
      capacities_(problem.capacities().begin(), problem.capacities().end()),
      item_is_open_(profits_.size(), 1),
      row_is_open_(capacities_.size(), 1) {
  weights_.reserve(profits_.size() * capacities_.size());
  for (int i = 0; i < num_rows(); ++i) {
    const auto row = problem.row(i);
    weights_.insert(weights_.end(), row.begin(), row.end());
  }
  result_.is_complemented.assign(profits_.size(), 0);
  complement_covering_items();
}

/// x = 1 - x' for columns with weights <= 0, which makes all weights >= 0.
void ReducibleProblem::complement_covering_items() {
  for (int j = 0; j < num_items(); ++j) {
    bool is_covering = false;
    for (int i = 0; i < num_rows(); ++i) is_covering |= weight(i, j) < 0;
    if (!is_covering) continue;
    const auto item = static_cast<std::size_t>(j);
    for (int i = 0; i < num_rows(); ++i) {
      capacity(i) -= weight(i, j);
      weight(i, j) = -weight(i, j);
    }
    result_.objective_offset += profits_[item];
    profits_[item] = -profits_[item];
    result_.is_complemented[item] = 1;
  }
}

std::vector<int> ReducibleProblem::open_items() const {
  std::vector<int> items;
  for (int j = 0; j < num_items(); ++j) {
    if (is_item_open(j)) items.push_back(j);
  }
  return items;
}

std::vector<int> ReducibleProblem::open_rows() const {
  std::vector<int> rows;
  for (int i = 0; i < num_rows(); ++i) {
    if (is_row_open(i)) rows.push_back(i);
  }
  return rows;
}

std::int64_t ReducibleProblem::total_weight(int i) const {
  std::int64_t total = 0;
  for (int j = 0; j < num_items(); ++j) {
    if (is_item_open(j)) total += weight(i, j);
  }
  return total;
}

bool ReducibleProblem::has_negative_capacity() const {
  return std::any_of(capacities_.begin(), capacities_.end(), [](auto b) { return b < 0; });
}

void ReducibleProblem::decide(int j, bool take) {
  const auto item = static_cast<std::size_t>(j);
  ESPALIER_ASSERT(is_item_open(j));
  item_is_open_[item] = 0;
  ++result_.items_decided;
  if (take) {
    result_.objective_offset += profits_[item];
    for (const int i : open_rows()) {
      capacity(i) -= weight(i, j);
      ESPALIER_CHECK(capacity(i) >= 0);
    }
  }
  if (take != (result_.is_complemented[item] != 0)) result_.chosen.push_back(j);
}

void ReducibleProblem::close_row(int i) {
  row_is_open_[static_cast<std::size_t>(i)] = 0;
  ++result_.rows_removed;
}

PresolvedProblem ReducibleProblem::finish(bool divide_profits) && {
  CoreProblem& core = result_.core;
  for (const int j : open_items()) {
    result_.item_of.push_back(j);
    core.profits.push_back(profit(j));
  }
  core.num_items = static_cast<int>(core.profits.size());
  for (const int i : open_rows()) {
    for (const auto j : result_.item_of) core.weights.push_back(weight(i, j));
    core.capacities.push_back(capacity(i));
  }
  core.num_rows = static_cast<int>(core.capacities.size());
  if (divide_profits && core.num_items > 0) {
    std::int64_t divisor = 0;
    for (const auto p : core.profits) divisor = std::gcd(divisor, p);
    for (auto& p : core.profits) p /= divisor;
    result_.profit_divisor = divisor;
  }
  return std::move(result_);
}

}  // namespace espalier::solver
