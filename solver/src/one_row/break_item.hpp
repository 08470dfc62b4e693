#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "one_row/item.hpp"

namespace espalier::solver::one_row {

/// Reorders the items so that every one before the returned position b is at least as efficient as
/// every one from b on, the ones before b fit in `capacity` together, and item b no longer does.
/// Returns the number of items when all fit. Linear time on average; nothing is sorted fully.
std::size_t find_break(std::span<Item> items, std::int64_t capacity);

/// Brings the `count` least efficient items of `items` to its end.
void gather_least_efficient(std::span<Item> items, std::size_t count);

/// Brings the `count` most efficient items of `items` to its front.
void gather_most_efficient(std::span<Item> items, std::size_t count);

}  // namespace espalier::solver::one_row
