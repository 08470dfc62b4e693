#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "one_row/item.hpp"

namespace espalier::solver::one_row {

/// A yes-or-no decision of the dynamic program: `count` equal items, together in or out.
struct Move {
  std::int64_t profit;  // of all of them
  std::int64_t weight;
  std::int32_t first;  // position of the first of them in the items
  std::int32_t count;
};

/// Sorts the items, heaviest first, and groups equal ones into chunks of 1, 2, 4, ... copies, which
/// reach every number of copies. The moves are sorted by weight, heaviest first.
std::vector<Move> build_moves(std::span<Item> items);

}  // namespace espalier::solver::one_row
