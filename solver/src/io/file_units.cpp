#include <string>

#include "espalier/solver/instance_io.hpp"
#include "espalier/support/exact.hpp"

namespace espalier::solver {

std::string objective_in_file_units(const Instance& instance, std::int64_t objective) {
  const Int128 value = Int128{instance.sense} * objective + instance.offset;
  const bool is_negative = value < 0;
  // The sum of two 64-bit numbers is at most 2^64 - 2 in magnitude, so that both parts fit.
  const Int128 size = is_negative ? -value : value;
  const auto whole = static_cast<std::uint64_t>(size / instance.scale);
  const auto fraction = static_cast<std::uint64_t>(size % instance.scale);

  std::string text = (is_negative ? "-" : "") + std::to_string(whole);
  if (fraction == 0) return text;
  std::string digits = std::to_string(static_cast<std::uint64_t>(instance.scale) + fraction);
  digits.front() = '.';  // scale + fraction is a '1' followed by the decimals
  digits.erase(digits.find_last_not_of('0') + 1);
  return text + digits;
}

}  // namespace espalier::solver
