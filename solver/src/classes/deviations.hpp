#pragma once

#include <cstdint>
#include <vector>

#include "espalier/support/exact.hpp"

#include "classes/class_curve.hpp"

namespace espalier::solver {

/// Losses are added up in 64 bits; what is greater than this counts as this.
inline constexpr std::int64_t kHugeLoss = std::int64_t{1} << 60;

/// What it costs to take more or fewer items of one class than the multipliers say.
///
/// Losses are reduced costs in units of 2^-shift: every item has |profit * 2^shift - threshold|.
/// At deviation 0 exactly the items of positive reduced cost are taken (and the floor).
class Deviations {
 public:
  /// `threshold` is y.w in units of 2^-shift.
  Deviations(const ClassCurve& curve, Int128 threshold, int shift);

  /// Loss of taking `delta` items more (or -delta fewer); kHugeLoss where there are no such items.
  std::int64_t loss(std::int64_t delta) {
    if (delta >= 0) {
      const auto k = static_cast<std::size_t>(delta);
      return k < up_.size() || extend_up(k) ? up_[k] : kHugeLoss;
    }
    const auto k = static_cast<std::size_t>(-delta);
    return k < down_.size() || extend_down(k) ? down_[k] : kHugeLoss;
  }

  /// Count at deviation 0.
  std::int64_t base_count() const noexcept { return base_count_; }
  /// Furthest deviations that the curve knows.
  std::int64_t most() const noexcept { return most_; }
  std::int64_t least() const noexcept { return least_; }
  /// Whether loss() was asked for items that the curve does not know although the class has them,
  /// and they might cost less than `limit`.
  bool is_cut_short(std::int64_t limit) {
    return (asked_above_ && loss(least_) < limit) || (asked_below_ && loss(most_) < limit);
  }

 private:
  bool extend_up(std::size_t k);
  bool extend_down(std::size_t k);
  std::int64_t distance(std::int64_t value) const;

  const ClassCurve* curve_;
  Int128 threshold_;
  int shift_;
  std::size_t base_ = 0;  ///< index of the first value not taken
  std::int64_t base_count_ = 0;
  std::int64_t most_ = 0;
  std::int64_t least_ = 0;
  bool asked_below_ = false;
  bool asked_above_ = false;
  std::vector<std::int64_t> up_ = {0};    ///< by number of items more
  std::vector<std::int64_t> down_ = {0};  ///< by number of items fewer
};

}  // namespace espalier::solver
