#include "certify/standard_form.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

namespace espalier::solver {

StandardForm::StandardForm(const Problem& problem)
    : num_items(problem.num_items()), num_rows(problem.num_rows()) {
  orient(problem);
  divide_rows();
  if (infeasible_row) return;
  build_core();
  find_chains(problem);
}

void StandardForm::orient(const Problem& problem) {
  is_negated.assign(static_cast<std::size_t>(num_items), 0);
  profits_.assign(problem.profits().begin(), problem.profits().end());
  capacities_.assign(problem.capacities().begin(), problem.capacities().end());
  for (int i = 0; i < num_rows; ++i) {
    const auto row = problem.row(i);
    for (std::size_t j = 0; j < row.size(); ++j) {
      if (row[j] < 0) is_negated[j] = 1;
      // With x = 1 - l the negative weight moves to the right side.
      capacities_[static_cast<std::size_t>(i)] -= std::min<std::int64_t>(row[j], 0);
      weights_.push_back(row[j] < 0 ? -row[j] : row[j]);
    }
  }
  for (std::size_t j = 0; j < profits_.size(); ++j) {
    if (is_negated[j] == 0) continue;
    profit_offset_ += profits_[j];
    profits_[j] = -profits_[j];
  }
}

void StandardForm::divide_rows() {
  const auto n = static_cast<std::size_t>(num_items);
  row_divisors.assign(capacities_.size(), 1);
  for (std::size_t i = 0; i < capacities_.size(); ++i) {
    if (capacities_[i] < 0) infeasible_row = static_cast<int>(i);
    const auto row = std::span(weights_).subspan(i * n, n);
    const std::int64_t divisor =
        std::accumulate(row.begin(), row.end(), std::int64_t{0},
                        [](std::int64_t a, std::int64_t b) { return std::gcd(a, b); });
    if (divisor <= 1 || capacities_[i] % divisor == 0) continue;
    row_divisors[i] = divisor;
    capacities_[i] = floor_div(capacities_[i], divisor);
    for (auto& weight : row) weight /= divisor;
  }
  std::int64_t divisor = 0;
  for (const std::int64_t profit : profits_) divisor = std::gcd(divisor, profit);
  if (divisor <= 1) return;
  profit_divisor = divisor;
  for (auto& profit : profits_) profit /= divisor;
}

Int128 StandardForm::target_above(std::int64_t optimum) const {
  return ceil_div(Int128{optimum} + 1 - profit_offset_, Int128{profit_divisor});
}

void StandardForm::build_core() {
  const auto n = static_cast<std::size_t>(num_items);
  const auto weight = [&](std::size_t i, std::size_t j) { return weights_[i * n + j]; };
  std::vector<std::size_t> items;
  for (std::size_t j = 0; j < n; ++j) {
    std::optional<int> too_small;
    bool has_weight = false;
    for (std::size_t i = 0; i < capacities_.size(); ++i) {
      if (weight(i, j) > capacities_[i]) too_small = static_cast<int>(i);
      has_weight |= weight(i, j) != 0;
    }
    if (profits_[j] <= 0) continue;  // the bound of any multipliers counts it with 0
    if (too_small) {
      forced_out.push_back({static_cast<std::int32_t>(j), *too_small});
    } else if (has_weight) {
      items.push_back(j);
    } else {
      always_in_profit += profits_[j];
    }
  }
  core.num_items = static_cast<int>(items.size());
  for (const std::size_t j : items) {
    item_of.push_back(static_cast<std::int32_t>(j));
    core.profits.push_back(profits_[j]);
  }
  for (std::size_t i = 0; i < capacities_.size(); ++i) {
    std::int64_t total = 0;
    for (const std::size_t j : items) total += weight(i, j);
    if (total <= capacities_[i]) continue;  // never violated
    row_of.push_back(static_cast<int>(i));
    core.capacities.push_back(capacities_[i]);
    for (const std::size_t j : items) core.weights.push_back(weight(i, j));
  }
  core.num_rows = static_cast<int>(row_of.size());
}

void StandardForm::find_chains(const Problem& problem) {
  std::map<std::vector<std::int64_t>, std::vector<std::int32_t>> groups;
  std::vector<std::int64_t> column;
  for (std::int32_t c = 0; c < core.num_items; ++c) {
    const int item = item_of[static_cast<std::size_t>(c)];
    column.assign(1, is_negated[static_cast<std::size_t>(item)]);
    for (int i = 0; i < num_rows; ++i) column.push_back(problem.weight(i, item));
    groups[column].push_back(c);
  }
  for (auto& [key, group] : groups) {
    if (group.size() < 2) continue;
    std::stable_sort(group.begin(), group.end(), [&](std::int32_t a, std::int32_t b) {
      return core.profits[static_cast<std::size_t>(a)] > core.profits[static_cast<std::size_t>(b)];
    });
    chains.push_back(std::move(group));
  }
}

}  // namespace espalier::solver
