#include "classes/deviations.hpp"

#include <algorithm>

namespace espalier::solver {

Deviations::Deviations(const ClassCurve& curve, Int128 threshold, int shift)
    : curve_(&curve), threshold_(threshold), shift_(shift) {
  const auto& values = curve.values;
  const Int128 floor = threshold >> shift;  // profit * 2^shift > threshold <=> profit > floor
  const auto end =
      std::partition_point(values.begin() + static_cast<std::ptrdiff_t>(curve.first), values.end(),
                           [&](std::int64_t value) { return value > floor; });
  base_ = static_cast<std::size_t>(end - values.begin());
  base_count_ = curve.above + static_cast<std::int64_t>(base_);
  most_ = static_cast<std::int64_t>(values.size() - base_);
  least_ = static_cast<std::int64_t>(curve.first) - static_cast<std::int64_t>(base_);
}

std::int64_t Deviations::distance(std::int64_t value) const {
  const Int128 reduced = (Int128{value} << shift_) - threshold_;
  const Int128 magnitude = reduced < 0 ? -reduced : reduced;
  return magnitude > kHugeLoss ? kHugeLoss : static_cast<std::int64_t>(magnitude);
}

bool Deviations::extend_up(std::size_t k) {
  if (k > static_cast<std::size_t>(most_)) {
    asked_below_ |= curve_->goes_on_below;
    return false;
  }
  while (up_.size() <= k) {
    const std::int64_t next = distance(curve_->values[base_ + up_.size() - 1]);
    up_.push_back(std::min(kHugeLoss, up_.back() + next));
  }
  return true;
}

bool Deviations::extend_down(std::size_t k) {
  if (k > static_cast<std::size_t>(-least_)) {
    asked_above_ |= curve_->goes_on_above;
    return false;
  }
  while (down_.size() <= k) {
    const std::int64_t next = distance(curve_->values[base_ - down_.size()]);
    down_.push_back(std::min(kHugeLoss, down_.back() + next));
  }
  return true;
}

}  // namespace espalier::solver
