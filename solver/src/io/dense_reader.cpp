#include "io/dense_reader.hpp"

#include <algorithm>
#include <utility>

#include "espalier/support/error.hpp"
#include "espalier/support/exact.hpp"

namespace espalier::solver::io {
namespace {

std::int64_t magnitude(std::int64_t value) noexcept { return value < 0 ? -value : value; }

std::int64_t scale_or_fail(PlacedNumber number, int exponent, const SourceText& source,
                           const std::string& what) {
  const auto value = scaled(number.value, exponent);
  if (!value) {
    source.fail(number.place, what + " times 10^" + std::to_string(exponent) +
                                  " (its row's decimals) reaches 2^63; expected less");
  }
  return *value;
}

}  // namespace

NumberBlock::NumberBlock(int stride, std::int64_t count) : stride_(stride) {
  mantissas_.reserve(static_cast<std::size_t>(count));
}

void NumberBlock::add(Decimal value, const char* place) {
  if (mantissas_.empty()) begin_ = place;
  if (value.decimals != 0) {
    decimals_.resize(mantissas_.size(), 0);
    decimals_.push_back(static_cast<std::uint8_t>(value.decimals));
    most_decimals_ = std::max(most_decimals_, value.decimals);
  }
  mantissas_.push_back(value.mantissa);
}

const char* NumberBlock::place_of(std::size_t index, const SourceText& source) const noexcept {
  NumberCursor cursor(begin_, source.end());
  cursor.skip_tokens(static_cast<std::int64_t>(index) * stride_);
  cursor.skip_space();
  return cursor.place();
}

std::int64_t NumberBlock::scaled_value(std::size_t index, int exponent, const SourceText& source,
                                       const std::string& what) const {
  const int decimals = index < decimals_.size() ? decimals_[index] : 0;
  const auto value = scaled({mantissas_[index], decimals}, exponent);
  if (!value) {
    source.fail(place_of(index, source),
                what + " " + std::to_string(index) + " times 10^" + std::to_string(exponent) +
                    " (to make all of them integers) reaches 2^63; expected less");
  }
  return *value;
}

std::vector<std::int64_t> NumberBlock::release_scaled(int exponent, std::int64_t total,
                                                      const SourceText& source,
                                                      const std::string& what) {
  for (std::size_t k = 0; k < mantissas_.size(); ++k) {
    if (exponent != 0) mantissas_[k] = scaled_value(k, exponent, source, what);
    const auto sum = checked_add(total, magnitude(mantissas_[k]));
    if (!sum) {
      source.fail(place_of(k, source), "with " + what + " " + std::to_string(k) +
                                           " the sum of magnitudes reaches 2^63; expected less");
    }
    total = *sum;
  }
  return std::exchange(mantissas_, {});
}

Instance build_dense(const SourceText& source, DenseDraft&& draft) {
  const int exponent = std::max(draft.profits.decimals(), draft.optimum.value.decimals);
  const std::int64_t optimum = scale_or_fail(draft.optimum, exponent, source, "the optimum");
  auto profits = draft.profits.release_scaled(exponent, 0, source, "profit");

  std::vector<std::int64_t> capacities;
  std::vector<std::int64_t> row_scales;
  std::vector<std::int64_t> weights;
  if (draft.rows.size() > 1) weights.reserve(profits.size() * draft.rows.size());
  for (std::size_t i = 0; i < draft.rows.size(); ++i) {
    const std::string in_row = " of row " + std::to_string(i);
    const PlacedNumber& capacity = draft.capacities[i];
    const int row_exponent = std::max(draft.rows[i].decimals(), capacity.value.decimals);
    row_scales.push_back(power_of_ten(row_exponent));
    capacities.push_back(scale_or_fail(capacity, row_exponent, source, "the capacity" + in_row));
    auto row = draft.rows[i].release_scaled(row_exponent, magnitude(capacities.back()), source,
                                            "weight" + in_row + " and item");
    if (draft.rows.size() == 1) {
      weights = std::move(row);  // a million items need no copy
    } else {
      weights.insert(weights.end(), row.begin(), row.end());
    }
  }
  try {
    return {.name = std::move(draft.name),
            .problem = Problem(std::move(profits), std::move(weights), std::move(capacities)),
            .known_optimum = optimum != 0 ? std::optional(optimum) : std::nullopt,
            .sense = 1,
            .scale = power_of_ten(exponent),
            .offset = 0,
            .row_scales = std::move(row_scales)};
  } catch (const Error& error) {
    source.fail(draft.place, error.message());
  }
}

void DenseReader::fail(NumberError error, const std::string& what) {
  source_.fail(cursor_.place(),
               what + " is " + quote(cursor_.token()) + "; " + expected_text(error));
}

PlacedNumber DenseReader::read_number(const std::string& what) {
  PlacedNumber number;
  if (!cursor_.skip_space()) {
    source_.fail(cursor_.place(), "the file ends where " + what + " is expected");
  }
  number.place = cursor_.place();
  const NumberError error = cursor_.read(number.value);
  if (error != NumberError::kNone) fail(error, what);
  return number;
}

std::int64_t DenseReader::read_count(const std::string& what) {
  const PlacedNumber number = read_number(what);
  const std::int64_t count = number.value.mantissa;
  if (number.value.decimals != 0 || count < 1 || count >= std::int64_t{1} << 31) {
    source_.fail(number.place, what + " is " +
                                   quote(NumberCursor(number.place, source_.end()).token()) +
                                   "; expected a whole number from 1 to 2147483647");
  }
  return count;
}

void DenseReader::read_into(NumberBlock& block, const char* what, std::int64_t index) {
  const bool found = cursor_.skip_space();
  const char* const place = cursor_.place();
  Decimal value;
  const NumberError error = found ? cursor_.read(value) : NumberError::kNotANumber;
  if (error != NumberError::kNone) {
    const std::string name = std::string(what) + " " + std::to_string(index);
    if (found) fail(error, name);
    source_.fail(place, "the file ends where " + name + " is expected");
  }
  block.add(value, place);
}

NumberBlock DenseReader::read_block(std::int64_t count, const std::string& what) {
  NumberBlock block(1, count);
  for (std::int64_t k = 0; k < count; ++k) read_into(block, what.c_str(), k);
  return block;
}

std::vector<PlacedNumber> DenseReader::read_list(std::int64_t count, const std::string& what) {
  std::vector<PlacedNumber> numbers;
  numbers.reserve(static_cast<std::size_t>(count));
  for (std::int64_t k = 0; k < count; ++k) {
    numbers.push_back(read_number(what + " " + std::to_string(k)));
  }
  return numbers;
}

}  // namespace espalier::solver::io
