#include "io/decimal.hpp"

#include <algorithm>
#include <array>

#include "espalier/support/exact.hpp"

#include "io/source_text.hpp"

namespace espalier::solver::io {
namespace {

constexpr auto kPowersOfTen = [] {
  std::array<std::int64_t, kMaxDecimals + 1> powers{};
  std::int64_t power = 1;
  for (auto& entry : powers) {
    entry = power;
    if (power <= kInt64Max / 10) power *= 10;
  }
  return powers;
}();

/// The pieces of a number token, before its value is computed.
struct NumberSyntax {
  bool is_negative = false;
  std::string_view whole, fraction;
  long exponent = 0;
};

std::string_view split_digits(std::string_view& rest) noexcept {
  std::size_t count = 0;
  while (count < rest.size() && is_digit(rest[count])) ++count;
  const auto digits = rest.substr(0, count);
  rest.remove_prefix(count);
  return digits;
}

bool take_any(std::string_view& rest, std::string_view characters) noexcept {
  if (rest.empty() || characters.find(rest.front()) == std::string_view::npos) return false;
  rest.remove_prefix(1);
  return true;
}

bool split_number(std::string_view token, NumberSyntax& number) noexcept {
  number.is_negative = take_any(token, "-");
  if (!number.is_negative) take_any(token, "+");
  number.whole = split_digits(token);
  if (take_any(token, ".")) number.fraction = split_digits(token);
  if (number.whole.empty() && number.fraction.empty()) return false;
  if (take_any(token, "eE")) {
    const bool is_negative = take_any(token, "-");
    if (!is_negative) take_any(token, "+");
    const auto digits = split_digits(token);
    if (digits.empty()) return false;
    constexpr long kHuge = 1'000'000'000;  // beyond any token length; keeps the sum in range
    for (const char c : digits) number.exponent = std::min(kHuge, number.exponent * 10 + (c - '0'));
    if (is_negative) number.exponent = -number.exponent;
  }
  return token.empty();
}

/// Appends one digit to the magnitude; false when it reaches 2^63.
bool push_digit(std::int64_t& magnitude, char digit) noexcept {
  return !__builtin_mul_overflow(magnitude, std::int64_t{10}, &magnitude) &&
         !__builtin_add_overflow(magnitude, std::int64_t{digit - '0'}, &magnitude);
}

NumberError evaluate(const NumberSyntax& number, Decimal& value) noexcept {
  const auto digit_at = [&](std::size_t k) {
    return k < number.whole.size() ? number.whole[k] : number.fraction[k - number.whole.size()];
  };
  std::size_t last = number.whole.size() + number.fraction.size();
  long exponent = number.exponent - static_cast<long>(number.fraction.size());
  for (; last > 0 && digit_at(last - 1) == '0'; --last) ++exponent;
  value = {};
  if (last == 0) return NumberError::kNone;
  if (exponent < -kMaxDecimals) return NumberError::kTooPrecise;

  std::int64_t magnitude = 0;
  for (std::size_t k = 0; k < last; ++k) {
    if (!push_digit(magnitude, digit_at(k))) {
      return exponent < 0 ? NumberError::kTooPrecise : NumberError::kTooLarge;
    }
  }
  for (; exponent > 0; --exponent) {
    if (!push_digit(magnitude, '0')) return NumberError::kTooLarge;
  }
  value.mantissa = number.is_negative ? -magnitude : magnitude;
  value.decimals = static_cast<int>(-exponent);
  return NumberError::kNone;
}

}  // namespace

std::int64_t power_of_ten(int exponent) noexcept {
  return kPowersOfTen[static_cast<std::size_t>(exponent)];
}

NumberError parse_decimal(std::string_view token, Decimal& value) noexcept {
  // Nearly all numbers are short integers.
  const char* c = token.data();
  const std::int64_t magnitude = take_digits(c, token.data() + token.size());
  if (!token.empty() && c == token.data() + token.size()) {
    value = {magnitude, 0};
    return NumberError::kNone;
  }
  NumberSyntax number;
  if (!split_number(token, number)) return NumberError::kNotANumber;
  return evaluate(number, value);
}

const char* expected_text(NumberError error) noexcept {
  switch (error) {
    case NumberError::kTooLarge:
      return "expected a magnitude below 2^63";
    case NumberError::kTooPrecise:
      return "expected at most 18 decimals and 18 digits, so that it can be scaled to an integer";
    default:
      return "expected a number";
  }
}

std::optional<std::int64_t> scaled(Decimal value, int exponent) noexcept {
  if (value.mantissa == 0) return 0;
  const int shift = exponent - value.decimals;
  if (shift == 0) return value.mantissa;
  if (shift < 0 || shift > kMaxDecimals) return std::nullopt;
  return checked_mul(value.mantissa, power_of_ten(shift));
}

int common_exponent(std::span<const Decimal> values) noexcept {
  int exponent = 0;
  for (const Decimal& value : values) exponent = std::max(exponent, value.decimals);
  return exponent;
}

bool NumberCursor::skip_space() noexcept {
  while (place_ != end_ && is_space(*place_)) ++place_;
  return place_ != end_;
}

NumberError NumberCursor::read(Decimal& value) noexcept {
  const char* c = place_;
  const bool is_negative = *c == '-';
  if (is_negative) ++c;
  const char* const digits = c;
  // Whatever is longer than 18 digits or no plain integer takes the general path.
  const std::int64_t magnitude = take_digits(c, end_);
  if (c != digits && (c == end_ || is_space(*c))) {
    value = {is_negative ? -magnitude : magnitude, 0};
    place_ = c;
    return NumberError::kNone;
  }
  const std::string_view word = token();
  const NumberError error = parse_decimal(word, value);
  if (error == NumberError::kNone) place_ += word.size();
  return error;
}

std::string_view NumberCursor::token() const noexcept {
  const char* c = place_;
  while (c != end_ && !is_space(*c)) ++c;
  return {place_, static_cast<std::size_t>(c - place_)};
}

std::int64_t NumberCursor::skip_tokens(std::int64_t count) noexcept {
  std::int64_t found = 0;
  while (found < count && skip_space()) {
    while (place_ != end_ && !is_space(*place_)) ++place_;
    ++found;
  }
  return found;
}

}  // namespace espalier::solver::io
