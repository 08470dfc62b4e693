#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "one_row/moves.hpp"

namespace espalier::solver::one_row {

/// One open move in order of efficiency, with the totals of those before it.
struct RelaxationEntry {
  std::int64_t weight_before;
  std::int64_t profit_before;
  std::int64_t weight;
  std::int64_t profit;
};

/// Continuous relaxation over the moves that a list of states has not decided.
///
/// Removing a move is O(1) and takes effect at the next refresh(), which is O(open moves): until
/// then the relaxation also offers moves already decided, so it still bounds from above, but its
/// greedy solution need not be a solution.
class Relaxation {
 public:
  /// `by_efficiency`: all moves, most efficient first; must outlive this, like the moves.
  Relaxation(std::span<const Move> moves, std::span<const std::int32_t> by_efficiency);

  void remove(std::int32_t move) {
    open_[static_cast<std::size_t>(move)] = 0;
    exact_ = false;
  }
  void refresh();

  /// Whether exactly the open moves are offered.
  bool exact() const noexcept { return exact_; }

  /// The entries, most efficient first, then a sentinel of weight 1 and profit 0.
  std::span<const RelaxationEntry> entries() const noexcept { return entries_; }

  /// The moves of the entries, without the sentinel.
  std::span<const std::int32_t> order() const noexcept { return order_; }

 private:
  std::span<const Move> moves_;
  std::vector<std::uint8_t> open_;
  std::vector<std::int32_t> order_;
  std::vector<RelaxationEntry> entries_;
  bool exact_ = false;
};

/// The entry at which a residual capacity runs out, for residuals that never grow.
class RelaxationCursor {
 public:
  explicit RelaxationCursor(std::span<const RelaxationEntry> entries)
      : entries_(entries.data()), position_(entries.size() - 1) {}

  /// Last entry with weight_before <= residual; requires residual >= 0.
  const RelaxationEntry& at(std::int64_t residual) noexcept {
    for (int step = 0; entries_[position_].weight_before > residual; ++step) {
      if (step == kLinearSteps) {
        position_ = bisect(residual);
        break;
      }
      --position_;
    }
    return entries_[position_];
  }

  std::size_t position() const noexcept { return position_; }

 private:
  static constexpr int kLinearSteps = 8;

  std::size_t bisect(std::int64_t residual) const noexcept {
    std::size_t low = 0;
    std::size_t high = position_;
    while (low + 1 < high) {
      const std::size_t middle = (low + high) / 2;
      (entries_[middle].weight_before <= residual ? low : high) = middle;
    }
    return low;
  }

  const RelaxationEntry* entries_;
  std::size_t position_;
};

}  // namespace espalier::solver::one_row
