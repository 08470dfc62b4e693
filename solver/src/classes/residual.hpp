#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "espalier/support/exact.hpp"

#include "classes/basis_tube.hpp"
#include "classes/deviations.hpp"
#include "classes/multipliers.hpp"

namespace espalier::solver {

/// What counts leave of the capacities, row by row; 0 beyond the last row.
using Residual = std::array<std::int64_t, kMaxCountRows>;

/// Loss of these slacks, clipped to kHugeLoss.
inline std::int64_t slack_loss(const IntegerMultipliers& multipliers, const Residual& slack) {
  Int128 sum = 0;
  for (std::size_t i = 0; i < multipliers.values.size(); ++i) {
    sum += Int128{multipliers.values[i]} * slack[i];
  }
  return sum > kHugeLoss ? kHugeLoss : static_cast<std::int64_t>(sum);
}

/// Largest d with d * weights <= room in every row; negative where room is. Rows of weight 0 do not
/// count.
inline std::int64_t most_that_fit(std::span<const std::int64_t> weights, const Residual& room) {
  std::int64_t most = kInt64Max;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] > 0) most = std::min(most, floor_div(room[i], weights[i]));
  }
  return most;
}

}  // namespace espalier::solver
