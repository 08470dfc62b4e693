#include <string>

#include "espalier/solver/instance_io.hpp"
#include "espalier/support/exact.hpp"

namespace espalier::solver {

namespace {

/// value / scale as a decimal number; the scale is a power of ten.
std::string decimal_text(Int128 value, std::int64_t scale) {
  const bool is_negative = value < 0;
  // The sum of two 64-bit numbers is at most 2^64 - 2 in magnitude, so that both parts fit.
  const Int128 size = is_negative ? -value : value;
  const auto whole = static_cast<std::uint64_t>(size / scale);
  const auto fraction = static_cast<std::uint64_t>(size % scale);

  std::string text = (is_negative ? "-" : "") + std::to_string(whole);
  if (fraction == 0) return text;
  std::string digits = std::to_string(static_cast<std::uint64_t>(scale) + fraction);
  digits.front() = '.';  // scale + fraction is a '1' followed by the decimals
  digits.erase(digits.find_last_not_of('0') + 1);
  return text + digits;
}

}  // namespace

std::string objective_in_file_units(const Instance& instance, std::int64_t objective) {
  return decimal_text(Int128{instance.sense} * objective + instance.offset, instance.scale);
}

std::int64_t row_scale(const Instance& instance, int row) {
  return instance.row_scales.empty() ? 1 : instance.row_scales.at(static_cast<std::size_t>(row));
}

std::string load_in_file_units(const Instance& instance, int row, std::int64_t load) {
  return decimal_text(load, row_scale(instance, row));
}

}  // namespace espalier::solver
