#include "classes/multipliers.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace espalier::solver {

IntegerMultipliers round_multipliers(const LpPoint& point, std::int64_t max_profit) {
  constexpr int kBits = 59;       // of the largest profit after the shift
  constexpr int kMostShift = 32;  // losses of many profit units must fit too
  IntegerMultipliers rounded;
  const int bits = static_cast<int>(std::bit_width(static_cast<std::uint64_t>(max_profit)));
  rounded.shift = std::clamp(kBits - bits, 0, kMostShift);
  for (std::size_t i = 0; i < point.multipliers.size(); ++i) {
    const double y = std::ldexp(point.multipliers[i], rounded.shift);
    rounded.values.push_back(std::max<std::int64_t>(1, std::llround(std::min(y, 0x1p61))));
  }
  for (const LpPoint::Support& support : point.supports) {
    if (support.class_index < 0) rounded.values[static_cast<std::size_t>(support.row)] = 0;
  }
  return rounded;
}

}  // namespace espalier::solver
