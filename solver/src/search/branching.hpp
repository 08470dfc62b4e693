#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "lp/node_relaxation.hpp"
#include "search/pseudocost.hpp"

namespace espalier::solver {

// What the search for solutions and the search for proofs have in common at a node.

/// Nodes between two looks at clock and limits.
inline constexpr std::int64_t kPollInterval = 64;
/// The dual simplex method stops this far below the threshold, so that the rigorous bound, which is
/// computed next, is below it as well.
inline constexpr double kCutoffMargin = 1e-6;

/// Whether a basic value is neither 0 nor 1; only a guide.
inline bool is_fractional(double value) {
  constexpr double kIntegralityTolerance = 1e-6;
  return !(value < kIntegralityTolerance || value > 1.0 - kIntegralityTolerance);
}

/// Solves the relaxation of a node; true when it was given up before, since `is_closed()` says that
/// the multipliers prove enough. After some failures the node is left unsolved, to be branched on
/// without the relaxation's advice: the tree stays finite.
template <typename IsClosed>
bool reaches_cutoff(NodeRelaxation& relaxation, std::int64_t threshold, IsClosed is_closed) {
  for (int attempt = 0; attempt < 4; ++attempt) {
    const double cutoff = attempt < 2 ? static_cast<double>(threshold) - kCutoffMargin
                                      : -std::numeric_limits<double>::infinity();
    if (relaxation.reoptimize(cutoff) == LpOutcome::kOptimal) break;
    if (is_closed()) return true;
    relaxation.recover();
  }
  relaxation.settle_branch();
  return false;
}

/// How much the bound is expected to fall when the item that is basic at `row` moves by `distance`
/// to `value`: what it fell by before, else what one iteration makes it fall by.
inline double estimate_fall(NodeRelaxation& relaxation, const PseudoCosts& costs, int row,
                            int value, double distance) {
  const std::int32_t item = relaxation.frame().item[relaxation.basic_column(row)];
  if (costs.count(item, value) == 0.0) return relaxation.dual_penalty(row, value);
  return costs.average(item, value) * distance;
}

/// Branchings are compared by the product of both falls (Achterberg, Koch and Martin 2005), none
/// more than `most`.
inline double branching_score(double down, double up, double most = 1e100) {
  constexpr double kLeastFall = 1e-6;
  return std::max(std::min(down, most), kLeastFall) * std::max(std::min(up, most), kLeastFall);
}

}  // namespace espalier::solver
