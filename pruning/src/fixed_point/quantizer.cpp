#include "fixed_point/quantizer.hpp"

#include <cmath>

namespace espalier::pruning {

using resource_model::FixedPoint;

Quantizer::Quantizer(int fraction_bits, const FixedPoint& type) noexcept
    : shift_(fraction_bits - type.fraction_bits()),
      width_(type.width_bits),
      is_signed_(type.is_signed),
      rounds_(type.rounding == resource_model::Rounding::kRound),
      saturates_(type.overflow == resource_model::Overflow::kSaturate) {
  const std::int64_t span = std::int64_t{1} << (width_ - (is_signed_ ? 1 : 0));
  low_ = is_signed_ ? -span : 0;
  high_ = span - 1;
}

std::int64_t Quantizer::left(std::int64_t number, int bits) const noexcept {
  if (saturates_) {
    // Too far out already: any number beyond the range has the same effect.
    if (number > 0 && (bits >= 63 || number > (high_ >> bits))) return high_;
    if (number < 0 && (bits >= 63 || number < (low_ >> bits))) return low_;
  }
  if (bits >= 64) return 0;
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(number) << bits);
}

std::int64_t Quantizer::right(std::int64_t number) const noexcept {
  if (shift_ > 63) return number < 0 && !rounds_ ? -1 : 0;
  const std::int64_t floor = number >> shift_;
  if (!rounds_) return floor;
  return floor + ((number >> (shift_ - 1)) & 1);  // up from one half, as AP_RND
}

std::int64_t Quantizer::wrap(std::int64_t number) const noexcept {
  const auto bits = static_cast<std::uint64_t>(number) & ((std::uint64_t{1} << width_) - 1);
  const bool is_negative = is_signed_ && ((bits >> (width_ - 1)) & 1) != 0;
  return static_cast<std::int64_t>(is_negative ? bits - (std::uint64_t{1} << width_) : bits);
}

std::int64_t Quantizer::from_value(double value, const FixedPoint& type) noexcept {
  const Quantizer fit_in(type.fraction_bits(), type);
  const double scaled = std::ldexp(value, type.fraction_bits());
  double units = std::floor(scaled);
  if (fit_in.rounds_ && scaled - units >= 0.5) units += 1.0;
  constexpr double kFar = 0x1p62;
  if (!std::isfinite(units)) return units > 0.0 && fit_in.saturates_ ? fit_in.high_ : fit_in.low_;
  if (std::abs(units) < kFar) return fit_in.fit(static_cast<std::int64_t>(units));
  if (fit_in.saturates_) return units < 0.0 ? fit_in.low_ : fit_in.high_;
  return fit_in.fit(static_cast<std::int64_t>(std::fmod(units, std::ldexp(1.0, type.width_bits))));
}

}  // namespace espalier::pruning
