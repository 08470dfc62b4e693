#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <boost/multiprecision/cpp_int.hpp>

#include "espalier/support/exact.hpp"

#include "check/assignment.hpp"
#include "check/sum_kernels.hpp"

namespace espalier::solver {

/// Integers of any size.
using BigInt = boost::multiprecision::cpp_int;

/// A pseudo-Boolean constraint  sum_j a_j x_j >= b  over the variables that a proof has when it is
/// made (others do not occur in it), and what cutting planes do with it. In 64-bit integers while a
/// bound on the sum of all magnitudes says that nothing can overflow, in integers of any size from
/// then on.
///
/// The operations of the proof format are those of normalised constraints, where every term is a
/// positive multiple of a literal: a_j x_j with a_j < 0 is |a_j| ~x_j, and the degree b grows by
/// |a_j|. Sums are the same either way.
class PbSum {
 public:
  PbSum() = default;
  /// 0 >= 0.
  explicit PbSum(std::size_t num_variables) : small_(num_variables + 1, 0) {}

  /// Makes it 0 >= 0 again.
  void clear(std::size_t num_variables);
  struct Multiple {
    const PbSum* sum = nullptr;
    std::int64_t factor = 1;  ///< 1 or more
  };
  /// Makes it the sum of multiples of others, which have at most `num_variables`.
  void assign_combination(std::span<const Multiple> terms, std::size_t num_variables);
  /// Adds `coefficient` times a variable to the left side.
  void add_term(std::int32_t variable, std::int64_t coefficient);
  /// Adds a literal to the left side: x, or 1 - x.
  void add_literal(Literal literal);
  void add_to_right_side(std::int64_t value);

  // --- cutting planes ---
  /// `other` has at most as many variables.
  void add_multiple(const PbSum& other, std::int64_t factor);
  void multiply(std::int64_t factor);
  void divide(std::int64_t divisor);
  void saturate();
  void weaken(std::int32_t variable);
  /// Replaces a variable by its value.
  void substitute(std::int32_t variable, int value);

  /// Gives variables the values that they have whenever it is satisfied; false when nothing
  /// satisfies it. `scratch` has an entry for every variable.
  bool propagate(Assignment& assignment, std::span<std::int32_t> scratch) const;
  /// Whether nothing satisfies it that agrees with an assignment.
  bool is_violated(const Assignment& assignment) const;
  /// Whether the left side does not fall when two variables of these values exchange them.
  bool gains_by_exchange(std::int32_t first, int first_value, std::int32_t second,
                         int second_value) const;
  bool has_equal_coefficients(std::int32_t first, std::int32_t second) const;
  /// Whether every assignment with `variable` at `value` satisfies it.
  bool holds_with(std::int32_t variable, int value) const;

 private:
  bool is_small() const noexcept { return big_.empty(); }
  void make_big();
  /// Notes that all magnitudes together may have grown to `size`.
  void grow_to(Int128 size);
  /// Finds out what they are after they may have fallen.
  void recount();

  Standing small_standing(const Assignment& assignment) const;
  bool covers(std::int32_t variable) const noexcept {
    return static_cast<std::size_t>(variable) + 1 < small_.size();
  }

  // b, then the coefficients. One of the two is in use; both have the same size, or big_ is empty.
  std::vector<std::int64_t> small_;
  std::vector<BigInt> big_;
  Int128 size_ = 0;  // sum of the magnitudes is at most this, while small
};

}  // namespace espalier::solver
