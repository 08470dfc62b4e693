#pragma once

#include <cstdint>
#include <vector>

namespace espalier::solver {

/// What one pass over the profits of a class notes, stretch by stretch: which items lie above a
/// window of profits and what lies inside. Where the class's selection ends inside the window, the
/// chosen items can be listed from this without another pass.
struct CollectedItems {
  struct Piece {
    std::int32_t begin = 0;               ///< position of the first item
    std::vector<std::uint64_t> above;     ///< a bit per item: whether its profit is > high
    std::int64_t num_above = 0;           ///< how many are
    std::int64_t above_sum = 0;           ///< and the sum of these profits
    std::vector<std::int32_t> positions;  ///< of profits in [low, high], ascending
    std::vector<std::int64_t> values;     ///< the profits at these positions
  };

  std::int64_t low = 0, high = 0;
  std::vector<Piece> pieces;
};

}  // namespace espalier::solver
