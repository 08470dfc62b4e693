#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace espalier::solver::io {

/// A decimal number, exactly: `mantissa * 10^-decimals`, without trailing zeros after the point.
struct Decimal {
  std::int64_t mantissa = 0;
  int decimals = 0;

  friend bool operator==(const Decimal&, const Decimal&) = default;
};

/// 10^18 is the largest power of ten below 2^63.
inline constexpr int kMaxDecimals = 18;

std::int64_t power_of_ten(int exponent) noexcept;

enum class NumberError { kNone, kNotANumber, kTooLarge, kTooPrecise };

/// Reads a whole token as `[+-]digits[.digits][e[+-]digits]`. NaN and infinity are not numbers,
/// magnitudes of 2^63 and above are too large, more than 18 decimals are too precise.
NumberError parse_decimal(std::string_view token, Decimal& value) noexcept;

/// "expected ..." for an error message.
const char* expected_text(NumberError error) noexcept;

/// value * 10^exponent, exactly, or nothing if that does not fit or is no integer.
std::optional<std::int64_t> scaled(Decimal value, int exponent) noexcept;

/// Smallest exponent that makes all values integers.
int common_exponent(std::span<const Decimal> values) noexcept;

/// Moves `place` over digits, up to 18 of them, and returns their value.
inline std::int64_t take_digits(const char*& place, const char* end) noexcept {
  const char* const last = end - place < kMaxDecimals ? end : place + kMaxDecimals;
  std::int64_t value = 0;
  for (; place != last && *place >= '0' && *place <= '9'; ++place)
    value = 10 * value + (*place - '0');
  return value;
}

/// Reads tokens separated by white space straight from memory.
class NumberCursor {
 public:
  NumberCursor(const char* begin, const char* end) noexcept : place_(begin), end_(end) {}

  /// Moves to the next token; false at the end of the text.
  bool skip_space() noexcept;
  /// Reads the next token, which must exist (skip_space() returned true). After an error the cursor
  /// still stands before the token.
  NumberError read(Decimal& value) noexcept;
  /// The token at the cursor, which is not consumed.
  std::string_view token() const noexcept;
  /// Passes over `count` tokens; returns how many there were.
  std::int64_t skip_tokens(std::int64_t count) noexcept;

  const char* place() const noexcept { return place_; }

 private:
  const char* place_;
  const char* end_;
};

}  // namespace espalier::solver::io
