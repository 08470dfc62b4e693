#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "classes/class_curve.hpp"
#include "classes/deviations.hpp"
#include "classes/multipliers.hpp"
#include "classes/residual.hpp"

namespace espalier::solver {

struct GreedyCounts {
  std::vector<std::int64_t> deltas;  ///< deviation of every class
  std::int64_t loss = kHugeLoss;     ///< kHugeLoss where nothing was found
};

/// Deviations that fit: takes items out until everything does, then puts in what still fits,
/// cheapest first. `residual` is what deviation 0 leaves.
GreedyCounts find_greedy_counts(std::span<const ClassCurve> curves,
                                std::span<Deviations> deviations,
                                const IntegerMultipliers& multipliers, const Residual& residual);

}  // namespace espalier::solver
