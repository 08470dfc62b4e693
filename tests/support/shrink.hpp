#pragma once

#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "espalier/solver/problem.hpp"

namespace espalier::tests {

/// A problem as loose numbers, so that a test can change it.
struct LooseProblem {
  std::vector<std::int64_t> profits;
  std::vector<std::vector<std::int64_t>> rows;
  std::vector<std::int64_t> capacities;

  LooseProblem() = default;
  explicit LooseProblem(const solver::Problem& problem)
      : profits(problem.profits().begin(), problem.profits().end()),
        capacities(problem.capacities().begin(), problem.capacities().end()) {
    for (int i = 0; i < problem.num_rows(); ++i) {
      rows.emplace_back(problem.row(i).begin(), problem.row(i).end());
    }
  }

  solver::Problem build() const {
    std::vector<std::int64_t> weights;
    for (const auto& row : rows) weights.insert(weights.end(), row.begin(), row.end());
    return {profits, std::move(weights), capacities};
  }

  void remove_item(std::size_t j) {
    profits.erase(profits.begin() + static_cast<std::ptrdiff_t>(j));
    for (auto& row : rows) row.erase(row.begin() + static_cast<std::ptrdiff_t>(j));
  }

  void remove_row(std::size_t i) {
    rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(i));
    capacities.erase(capacities.begin() + static_cast<std::ptrdiff_t>(i));
  }
};

/// The problem as one reads it: profits, then every row with its capacity.
inline std::string to_text(const solver::Problem& problem) {
  std::ostringstream text;
  text << problem.num_items() << " items, " << problem.num_rows() << " rows\n  max";
  for (const std::int64_t p : problem.profits()) text << ' ' << p;
  for (int i = 0; i < problem.num_rows(); ++i) {
    text << "\n     ";
    for (const std::int64_t a : problem.row(i)) text << ' ' << a;
    text << " <= " << problem.capacities()[static_cast<std::size_t>(i)];
  }
  return text.str();
}

/// Makes a failing problem smaller as long as `fails(problem)` stays true: leaves out items and
/// rows, then moves numbers towards zero, until no single step keeps the failure.
template <typename Fails>
solver::Problem shrink(const solver::Problem& failing, Fails fails) {
  LooseProblem best(failing);
  const auto keep_if_failing = [&](const LooseProblem& smaller) {
    if (!fails(smaller.build())) return false;
    best = smaller;
    return true;
  };
  const auto shrink_number = [&](auto number_of) {
    const std::int64_t value = number_of(best);
    const std::int64_t one = value > 0 ? 1 : -1;
    for (const std::int64_t smaller : {std::int64_t{0}, value / 2, value - value / 16,
                                       std::abs(value) < 32 ? value - one : value}) {
      if (value == 0 || smaller == value) continue;
      LooseProblem changed = best;
      number_of(changed) = smaller;
      if (keep_if_failing(changed)) return true;
    }
    return false;
  };
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t j = best.profits.size(); j-- > 0 && best.profits.size() > 1;) {
      LooseProblem smaller = best;
      smaller.remove_item(j);
      changed |= keep_if_failing(smaller);
    }
    for (std::size_t i = best.rows.size(); i-- > 0 && best.rows.size() > 1;) {
      LooseProblem smaller = best;
      smaller.remove_row(i);
      changed |= keep_if_failing(smaller);
    }
    for (std::size_t j = 0; j < best.profits.size(); ++j) {
      changed |= shrink_number([j](LooseProblem& p) -> std::int64_t& { return p.profits[j]; });
      for (std::size_t i = 0; i < best.rows.size(); ++i) {
        changed |= shrink_number([i, j](LooseProblem& p) -> std::int64_t& { return p.rows[i][j]; });
      }
    }
    for (std::size_t i = 0; i < best.rows.size(); ++i) {
      changed |= shrink_number([i](LooseProblem& p) -> std::int64_t& { return p.capacities[i]; });
    }
  }
  return best.build();
}

}  // namespace espalier::tests
