#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace espalier::solver {

/// What one pass over the profits of a class notes, stretch by stretch: which items lie above a
/// window of profits and what lies inside. Where the class's selection ends inside the window, the
/// chosen items can be listed from this without another pass. Single profits that change later are
/// brought up to date.
struct CollectedItems {
  /// Items of a stretch; a multiple of 64.
  static constexpr std::size_t kStretch = std::size_t{1} << 15;

  struct Piece {
    std::int32_t begin = 0;               ///< position of the first item
    std::vector<std::uint64_t> above;     ///< a bit per item: whether its profit is > high
    std::int64_t num_above = 0;           ///< how many are
    std::int64_t above_sum = 0;           ///< and the sum of these profits
    std::vector<std::int32_t> positions;  ///< of profits in [low, high], ascending
    std::vector<std::int64_t> values;     ///< the profits at these positions
    std::vector<std::int32_t> changed;    ///< positions to be looked at again, in any order
  };

  /// Prepares for another pass, with the memory of the last one. Then collect() each piece.
  void begin_pass(std::size_t num_items, std::int64_t low_profit, std::int64_t high_profit);
  void collect(std::span<const std::int64_t> profits, std::size_t piece);

  /// Goes on with a narrower window.
  void tighten(std::int64_t low_profit, std::int64_t high_profit);

  /// The item at `position` had the profit `before` and now has `now`.
  void change(std::int32_t position, std::int64_t before, std::int64_t now);
  /// To be called after changes.
  void settle_changes(std::span<const std::int64_t> profits);

  std::int64_t low = 0, high = 0;
  std::vector<Piece> pieces;

 private:
  static void mark_above(Piece& piece, std::int32_t position, std::int64_t profit);
  bool is_inside(std::int64_t profit) const noexcept { return profit >= low && profit <= high; }
};

}  // namespace espalier::solver
