#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "classes/class_curve.hpp"
#include "classes/class_lp.hpp"
#include "classes/multipliers.hpp"

namespace espalier::solver {

/// Rows up to which the search over counts works on arrays of fixed size.
inline constexpr std::size_t kMaxCountRows = 8;

/// How far the classes that support the dual point can deviate, given everybody else.
///
/// Let B hold the weight vectors of these classes (columns) in the rows of positive multiplier.
/// With residual capacities r and slacks s = r - B d, the deviations are d = B^-1 (r - s). A loss
/// of at most L leaves s in the simplex { s >= 0, y.s <= L }, so each deviation lies in an
/// interval, which is found exactly from the integer adjugate of B.
class BasisTube {
 public:
  struct Interval {
    std::int64_t low, high;
  };
  using Numerators = std::array<std::int64_t, kMaxCountRows>;
  /// Every number that comes up is to stay below this.
  static constexpr double kLimit = 0x1p60;

  /// `residual` is what deviation 0 leaves of the capacities. False when the integers would not fit
  /// or the supports are of no use; then nothing else may be called.
  bool build(std::span<const ClassCurve> curves, const LpPoint& point,
             const IntegerMultipliers& multipliers, std::span<const std::int64_t> residual);

  std::size_t size() const noexcept { return classes_.size(); }
  /// Class of support k; the last one has the widest interval.
  std::size_t class_index(std::size_t k) const noexcept { return classes_[k]; }

  /// adj(B) r for the residual at deviation 0.
  const Numerators& start() const noexcept { return start_; }
  /// What one item more of class c takes away from numerator k.
  std::int64_t per_item(std::size_t k, std::size_t c) const noexcept {
    return per_item_[k * num_classes_ + c];
  }
  /// Deviations of support k that losses up to `left` allow.
  Interval interval(std::size_t k, std::int64_t numerator, std::int64_t left) const noexcept;

  // Whether an interval is empty shows without a division from what its numerator leaves modulo the
  // determinant: the next multiples of it lie `residue` below and the rest of it above.

  std::int64_t modulus() const noexcept { return determinant_; }
  std::int64_t residue(std::int64_t numerator) const noexcept;
  /// Sum of two residues.
  std::int64_t add_residues(std::int64_t a, std::int64_t b) const noexcept {
    return a + b >= determinant_ ? a + b - determinant_ : a + b;
  }
  /// Whether interval(k) is empty.
  bool is_empty(std::size_t k, std::int64_t residue, std::int64_t left) const noexcept {
    const Interval reach = reach_of(k, left);
    return residue > reach.high && residue < determinant_ + reach.low;
  }
  /// Furthest that an allowed deviation, times the determinant, lies below (high) and above (-low)
  /// its numerator.
  Interval reach_of(std::size_t k, std::int64_t left) const noexcept {
    const double room = static_cast<double>(left) + 1.0;
    return {-furthest(room, -least_[k]), furthest(room, most_[k])};
  }

 private:
  /// Numerators and determinant * deviation stay below kLimit, so that 4 kLimit is infinite. The
  /// factor is rounded outwards by far more than all other roundings can amount to.
  static std::int64_t furthest(double room, double per_loss) noexcept {
    return static_cast<std::int64_t>(std::min(room * per_loss, 4.0 * kLimit));
  }

  bool invert(std::span<const ClassCurve> curves);
  void order_by_width();

  std::vector<std::size_t> classes_;
  std::vector<std::size_t> rows_;
  std::vector<std::vector<std::int64_t>> adjugate_;  ///< by support and row
  std::int64_t determinant_ = 1;                     ///< made positive
  std::vector<double> least_, most_;  ///< adj(B) s over the simplex for L = 1, rounded outwards
  std::vector<std::int64_t> per_item_;
  std::size_t num_classes_ = 0;
  Numerators start_{};
};

}  // namespace espalier::solver
