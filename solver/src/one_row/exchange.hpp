#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "one_row/item.hpp"

namespace espalier::solver::one_row {

/// Improves a solution by the best exchange of one item in for one item out, as long as there is a
/// better one. `chosen` holds positions in `items`, `residual` what they leave of the capacity.
/// Returns the gain in profit. O(n log n) and O(n) for every exchange.
std::int64_t improve_by_exchanges(std::span<const Item> items, std::int64_t residual,
                                  std::vector<std::int32_t>& chosen);

}  // namespace espalier::solver::one_row
