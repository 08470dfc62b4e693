#include "presolve/presolve.hpp"

#include <algorithm>
#include <utility>

#include "presolve/reducible_problem.hpp"

namespace espalier::solver {
namespace {

/// Rounds of all reductions; what still changes after that changes little.
constexpr int kMostRounds = 10;

void reduce(ReducibleProblem& problem) {
  for (int round = 0; round < kMostRounds; ++round) {
    bool changed = fix_trivial_items(problem);
    changed |= drop_rows(problem);
    changed |= tighten_rows(problem);
    changed |= fix_dominated_items(problem);
    if (!changed) return;
  }
  fix_trivial_items(problem);  // the normal form: every item fits, and weighs something
}

/// Only what the normal form of a core problem needs.
void normalise(ReducibleProblem& problem) {
  while (fix_trivial_items(problem)) {
  }
}

}  // namespace

std::vector<std::int32_t> PresolvedProblem::restore(
    std::span<const std::int32_t> core_items) const {
  std::vector<std::uint8_t> is_taken(item_of.size(), 0);
  for (const auto c : core_items) is_taken[static_cast<std::size_t>(c)] = 1;
  std::vector<std::int32_t> items = chosen;
  for (std::size_t c = 0; c < item_of.size(); ++c) {
    const auto j = static_cast<std::size_t>(item_of[c]);
    if (is_taken[c] != is_complemented[j]) items.push_back(item_of[c]);
  }
  std::sort(items.begin(), items.end());
  return items;
}

std::vector<std::int32_t> PresolvedProblem::reduce(
    std::span<const std::int32_t> original_items) const {
  std::vector<std::uint8_t> is_taken(is_complemented.size(), 0);
  for (const auto j : original_items) is_taken[static_cast<std::size_t>(j)] = 1;
  std::vector<std::int32_t> items;
  for (std::size_t c = 0; c < item_of.size(); ++c) {
    const auto j = static_cast<std::size_t>(item_of[c]);
    if (is_taken[j] != is_complemented[j]) items.push_back(static_cast<std::int32_t>(c));
  }
  return items;
}

PresolvedProblem presolve(const Problem& problem, bool reduce_further) {
  ReducibleProblem reducible(problem);
  if (reducible.has_negative_capacity()) {
    PresolvedProblem infeasible = std::move(reducible).finish(false);
    infeasible.is_infeasible = true;
    return infeasible;
  }
  if (reduce_further) {
    reduce(reducible);
  } else {
    normalise(reducible);
  }
  return std::move(reducible).finish(reduce_further);
}

}  // namespace espalier::solver
