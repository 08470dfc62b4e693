#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace espalier::pruning {

/// Values as integers, for a solver that is exact in 64 bits: scaled[j] = round(values[j] *
/// 2^exponent).
///
/// The exponent is the largest with  total * 2^exponent <= 2^40,  where `total` is the sum of the
/// values rounded up. Rounding moves each value by at most half a unit 2^-exponent, hence
///   1. sum of all scaled values <= 2^40 + n/2 < 2^41 for n < 2^31: every partial sum fits 62 bits;
///   2. for every set of items, |sum of scaled * 2^-exponent - sum of values| <= n/2 * 2^-exponent;
///   3. a set that is optimal for the scaled values is within n * 2^-exponent of the real optimum
///      (2. once for the set found, once for the real optimum): `error`.
/// Relative to the total that is at most n * 2^-39, 10^-8 for 6000 structures: less than one float
/// weight carries. Finer units would fit 62 bits but not the 53 of the solver's relaxations, whose
/// bounds are to close gaps of one unit.
struct ScaledValues {
  std::vector<std::int64_t> scaled;
  int exponent = 0;
  double error = 0.0;  ///< n * 2^-exponent

  /// A sum of scaled values in the units of the values; monotone.
  double in_real_units(std::int64_t sum) const noexcept;
};

/// Throws Error when a value is negative or not finite, their sum is not finite, or there are 2^31
/// or more of them.
ScaledValues scale_values(std::span<const double> values);

}  // namespace espalier::pruning
