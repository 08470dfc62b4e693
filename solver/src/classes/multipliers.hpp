#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "espalier/support/exact.hpp"

#include "classes/class_lp.hpp"

namespace espalier::solver {

/// The multipliers of a dual point in units of 2^-shift, with which all losses are exact integers.
struct IntegerMultipliers {
  int shift = 0;
  std::vector<std::int64_t> values;  ///< one per row, >= 0; 0 where the slack is a support

  /// y.w of a class.
  Int128 threshold(std::span<const std::int64_t> weights) const noexcept {
    Int128 sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) sum += Int128{values[i]} * weights[i];
    return sum;
  }
};

/// Rounds the point; the shift leaves room for profits up to `max_profit`.
IntegerMultipliers round_multipliers(const LpPoint& point, std::int64_t max_profit);

}  // namespace espalier::solver
