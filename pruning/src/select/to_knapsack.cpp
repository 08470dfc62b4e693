#include "select/to_knapsack.hpp"

#include <cmath>
#include <limits>
#include <string>

#include "espalier/support/error.hpp"

namespace espalier::pruning {
namespace {

constexpr int kTotalBits = 40;

/// Not below the exact sum: each of the n additions loses at most a relative 2^-53, and so does the
/// factor itself; doubled to be safe.
double sum_rounded_up(std::span<const double> values) {
  double sum = 0.0;
  for (const double value : values) sum += value;
  const double relative = 2.0 * static_cast<double>(values.size() + 2) * 0x1.0p-53;
  return sum * (1.0 + relative);
}

void check_values(std::span<const double> values) {
  if (values.size() >= std::size_t{1} << 31) {
    throw Error("found " + std::to_string(values.size()) + " structures; expected below 2^31");
  }
  for (std::size_t j = 0; j < values.size(); ++j) {
    if (!(values[j] >= 0.0) || std::isinf(values[j])) {
      throw Error("value of structure " + std::to_string(j) + " is " + std::to_string(values[j]) +
                  "; expected a finite number >= 0");
    }
  }
}

}  // namespace

double ScaledValues::in_real_units(std::int64_t sum) const noexcept {
  return std::ldexp(static_cast<double>(sum), -exponent);
}

ScaledValues scale_values(std::span<const double> values) {
  check_values(values);
  const double total = sum_rounded_up(values);
  if (std::isinf(total)) throw Error("the values of the structures sum to infinity");

  ScaledValues result;
  result.scaled.reserve(values.size());
  int total_exponent = 0;  // total < 2^total_exponent
  std::frexp(total, &total_exponent);
  result.exponent = total > 0.0 ? kTotalBits - total_exponent : 0;
  result.error = std::ldexp(static_cast<double>(values.size()), -result.exponent);
  for (const double value : values) {
    result.scaled.push_back(std::llround(std::ldexp(value, result.exponent)));
  }
  return result;
}

}  // namespace espalier::pruning
