#pragma once

#include <cstdint>

#include "espalier/support/random.hpp"

namespace espalier::solver {

/// A number for the constraint  sum_j a_j x_j >= b,  linear in (a, b) modulo 2^64, so that of a
/// combination it is the combination. Equal constraints have equal ones; others, most likely, not.
class Fingerprint {
 public:
  Fingerprint() = default;

  void add_term(std::int64_t variable, std::int64_t coefficient) {
    value_ += static_cast<std::uint64_t>(coefficient) * random(variable + 1);
  }
  void add_to_right_side(std::int64_t amount) {
    value_ += static_cast<std::uint64_t>(amount) * random(0);
  }
  /// A literal on the left side: x, or 1 - x.
  void add_literal(std::int64_t variable, bool is_true) {
    add_term(variable, is_true ? 1 : -1);
    if (!is_true) add_to_right_side(-1);
  }
  void add_multiple(const Fingerprint& other, std::int64_t factor) {
    value_ += static_cast<std::uint64_t>(factor) * other.value_;
  }

  std::uint64_t value() const noexcept { return value_; }

 private:
  static std::uint64_t random(std::int64_t index) {
    return Random(static_cast<std::uint64_t>(index)).bits();
  }

  std::uint64_t value_ = 0;
};

}  // namespace espalier::solver
