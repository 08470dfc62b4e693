#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "one_row/item.hpp"

namespace espalier::solver::one_row {

/// What is left of a knapsack after some items have been decided.
///
/// Invariants: the items before `break_index` fit in `capacity` together and are at least as
/// efficient as the others; item `break_index`, if there is one, does not fit in addition.
struct Remainder {
  std::vector<Item> items;
  std::size_t break_index = 0;
  std::int64_t capacity = 0;
  /// Items decided to be in, by their index in the caller's arrays, and their total profit.
  std::vector<std::int32_t> fixed_in;
  std::int64_t fixed_profit = 0;

  bool all_fit() const noexcept { return break_index == items.size(); }
};

/// Dantzig's bound on the profit of the undecided items alone. O(break_index).
std::int64_t relaxation_bound(const Remainder& remainder) noexcept;

/// Decides the items whose deviation from the relaxation leaves no room for a profit of the
/// undecided items above `target` (Dembo and Hammer 1980). O(n).
/// Requires relaxation_bound(remainder) > target.
void fix_by_bound(Remainder& remainder, std::int64_t target);

/// The same with the consequences of dominance: an item that is in brings all lighter and more
/// profitable items with it, an item that is out takes all heavier and less profitable ones along.
/// O(n log n). Requires relaxation_bound(remainder) > target.
void fix_by_dominance(Remainder& remainder, std::int64_t target);

}  // namespace espalier::solver::one_row
