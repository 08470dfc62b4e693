#pragma once

#include <cstdint>
#include <memory>

#include "espalier/solver/result.hpp"

#include "model/core_problem.hpp"
#include "search/limits.hpp"
#include "search/root.hpp"

namespace espalier::solver {

/// A core problem with the same solutions and a tighter relaxation, and that relaxation.
struct TightenedRoot {
  std::unique_ptr<CoreProblem> core;  ///< the rows of the original, then the cuts
  std::unique_ptr<RootRelaxation> relaxation;
};

/// Part of the gap to the incumbent that the cuts have to close to be kept: twice the rows cost
/// about twice the time per node.
inline constexpr double kLeastShareClosed = 0.10;

/// Separates lifted covers at the root, from every row and from the sum of the rows weighted by
/// their multipliers, for some rounds. Returns the tightened problem, or nothing when the cuts do
/// not close enough of the gap between the bound and `incumbent` to pay for their rows: every cut
/// kept makes every node of the tree dearer. Enough is `least_share` of the gap.
TightenedRoot tighten_root(const CoreProblem& core, const RootRelaxation& root,
                           std::int64_t incumbent, Limits& limits, Statistics& statistics,
                           double least_share = kLeastShareClosed);

}  // namespace espalier::solver
