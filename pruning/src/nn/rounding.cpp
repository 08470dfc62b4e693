#include "nn/rounding.hpp"

#include <algorithm>
#include <cmath>

namespace espalier::pruning::nn {

using resource_model::FixedPoint;

FixedPointRounding::FixedPointRounding(const FixedPoint& type) noexcept
    : is_exact_in_float_(type.width_bits <= 24),
      saturates_(type.overflow == resource_model::Overflow::kSaturate) {
  if (!is_exact_in_float_) return;
  scale_ = std::ldexp(1.0F, type.fraction_bits());
  unit_ = std::ldexp(1.0F, -type.fraction_bits());
  half_ = type.rounding == resource_model::Rounding::kRound ? 0.5F : 0.0F;
  span_ = std::ldexp(1.0F, type.width_bits);
  low_ = type.is_signed ? -span_ / 2.0F : 0.0F;
  high_ = low_ + (span_ - 1.0F);
}

void FixedPointRounding::apply(const float* from, float* to, std::size_t count) const noexcept {
  if (!is_exact_in_float_) {
    if (from != to) std::copy_n(from, count, to);
    return;
  }
  for (std::size_t i = 0; i < count; ++i) {
    float units = std::floor(from[i] * scale_ + half_);
    if (saturates_) {
      units = std::min(std::max(units, low_), high_);
    } else if (units < low_ || units > high_) {
      units -= span_ * std::floor((units - low_) / span_);
    }
    to[i] = units * unit_;
  }
}

void FixedPointRounding::saturate(float* values, std::int8_t* beyond,
                                  std::size_t count) const noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    const float units = std::floor(values[i] * scale_ + half_);
    if (units < low_) beyond[i] = -1;
    if (units > high_) beyond[i] = 1;
    values[i] = std::min(std::max(units, low_), high_) * unit_;
  }
}

void FixedPointRounding::clamp(float* values, std::size_t count) const noexcept {
  if (!is_exact_in_float_) return;
  const float low = low_ * unit_, high = high_ * unit_;
  for (std::size_t i = 0; i < count; ++i) values[i] = std::min(std::max(values[i], low), high);
}

}  // namespace espalier::pruning::nn
