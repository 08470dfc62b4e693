#pragma once

#include <cstdint>

#include "espalier/resource_model/fixed_point.hpp"

namespace espalier::pruning {

/// Widest type: the sum of two such numbers fits into 64 bits, signed or not.
inline constexpr int kMaxFixedPointBits = 62;

/// Puts numbers into a fixed-point type as ap_fixed does when it is assigned to (AMD UG1399,
/// "Arbitrary Precision Fixed-Point Data Types"). Numbers are integers that count units of
/// 2^-fraction_bits. Types of up to kMaxFixedPointBits bits.
class Quantizer {
 public:
  /// For numbers with `fraction_bits` bits behind the binary point.
  Quantizer(int fraction_bits, const resource_model::FixedPoint& type) noexcept;

  std::int64_t operator()(std::int64_t number) const noexcept {
    return fit(shift_ <= 0 ? left(number, -shift_) : right(number));
  }
  /// Brings a number that already counts the type's units into its range.
  std::int64_t fit(std::int64_t number) const noexcept {
    if (number >= low_ && number <= high_) return number;
    if (saturates_) return number < low_ ? low_ : high_;
    return wrap(number);
  }
  /// Whether no number loses bits to rounding, and too large ones wrap around: then it does not
  /// matter whether terms are brought into the type one by one or their sum is.
  bool is_modular() const noexcept { return shift_ <= 0 && !saturates_; }

  /// From a value; exact where the value is within 2^52 units.
  static std::int64_t from_value(double value, const resource_model::FixedPoint& type) noexcept;

 private:
  /// Modulo 2^64, which the wrapping types do not notice; saturating ones need the sign.
  std::int64_t left(std::int64_t number, int bits) const noexcept;
  std::int64_t right(std::int64_t number) const noexcept;
  std::int64_t wrap(std::int64_t number) const noexcept;

  int shift_;  ///< bits to drop; negative: zeros to append
  int width_;
  bool is_signed_, rounds_, saturates_;
  std::int64_t low_, high_;
};

}  // namespace espalier::pruning
