#pragma once

#include <cstdint>

#include "espalier/support/exact.hpp"

namespace espalier::solver::one_row {

/// Position of an item in the caller's arrays travels with it through every reordering.
struct Item {
  std::int64_t profit;
  std::int64_t weight;
  std::int32_t index;
};

/// Sign of profit/weight of `a` minus that of `b`, by cross products: exact for all 64-bit values.
inline int compare_efficiency(const Item& a, const Item& b) noexcept {
  const Int128 left = Int128{a.profit} * b.weight;
  const Int128 right = Int128{b.profit} * a.weight;
  return left > right ? 1 : (left < right ? -1 : 0);
}

}  // namespace espalier::solver::one_row
