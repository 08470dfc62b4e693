#pragma once

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

 private:
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
