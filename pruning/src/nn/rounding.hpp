#pragma once

#include <cstddef>
#include <cstdint>

#include "espalier/resource_model/fixed_point.hpp"

namespace espalier::pruning::nn {

/// Float values as a fixed-point type would hold them: a multiple of 2^-fraction_bits, rounded and
/// brought into the range as ap_fixed does it (AMD UG1399, "Arbitrary Precision Fixed-Point
/// Types"). Exact in float up to 24 bits; wider types change nothing.
class FixedPointRounding {
 public:
  explicit FixedPointRounding(const resource_model::FixedPoint& type) noexcept;

  /// `from` and `to` may be the same.
  void apply(const float* from, float* to, std::size_t count) const noexcept;

  /// Whether values beyond the range come back in at its other end.
  bool wraps() const noexcept { return is_exact_in_float_ && !saturates_; }
  /// As apply(), but values beyond the range stay at the end where they left it, and `beyond` is 1
  /// for those above it, -1 for those below; it is left alone for the others.
  void saturate(float* values, std::int8_t* beyond, std::size_t count) const noexcept;
  /// Brings values into the range, unrounded.
  void clamp(float* values, std::size_t count) const noexcept;

 private:
  bool is_exact_in_float_;
  bool saturates_;
  float scale_ = 1.0F;                            ///< 2^fraction_bits
  float unit_ = 1.0F;                             ///< 2^-fraction_bits
  float half_ = 0.0F;                             ///< added before the floor: 1/2 for AP_RND
  float low_ = 0.0F, high_ = 0.0F, span_ = 0.0F;  ///< range in units; span = high - low + 1
};

}  // namespace espalier::pruning::nn
