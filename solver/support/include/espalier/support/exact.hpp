#pragma once

#include <cstdint>
#include <limits>
#include <optional>

namespace espalier {

/// 128-bit integers; the one place that spells the compiler extension.
__extension__ using Int128 = __int128;

inline constexpr std::int64_t kInt64Max = std::numeric_limits<std::int64_t>::max();
inline constexpr std::int64_t kInt64Min = std::numeric_limits<std::int64_t>::min();

/// a + b, or nothing if the sum leaves 64 bits.
constexpr std::optional<std::int64_t> checked_add(std::int64_t a, std::int64_t b) noexcept {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) return std::nullopt;
  return sum;
}

/// a * b, or nothing if the product leaves 64 bits.
constexpr std::optional<std::int64_t> checked_mul(std::int64_t a, std::int64_t b) noexcept {
  std::int64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product)) return std::nullopt;
  return product;
}

/// Largest integer not above a / b, for b > 0.
template <typename Integer>
constexpr Integer floor_div(Integer a, Integer b) noexcept {
  const Integer quotient = a / b;
  return (a % b != 0 && a < 0) ? quotient - 1 : quotient;
}

/// Smallest integer not below a / b, for b > 0.
template <typename Integer>
constexpr Integer ceil_div(Integer a, Integer b) noexcept {
  const Integer quotient = a / b;
  return (a % b != 0 && a > 0) ? quotient + 1 : quotient;
}

/// Whether a 128-bit value fits in 64 bits.
constexpr bool fits_int64(Int128 value) noexcept {
  return value >= Int128{kInt64Min} && value <= Int128{kInt64Max};
}

/// The nearest 64-bit value.
constexpr std::int64_t clamp_to_int64(Int128 value) noexcept {
  if (value < Int128{kInt64Min}) return kInt64Min;
  return value > Int128{kInt64Max} ? kInt64Max : static_cast<std::int64_t>(value);
}

}  // namespace espalier
