#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "classes/class_curve.hpp"
#include "classes/count_solver.hpp"
#include "classes/open_classes.hpp"

namespace espalier::solver {

/// The candidates of all classes in falling order with the sums of their profits: what a series of
/// solves shares.
class SortedClasses {
 public:
  SortedClasses(const ClassedProblem& problem, const OpenClasses& open, int threads);

  /// Positive profits of the candidates, falling.
  std::span<const std::int64_t> values(std::size_t c) const noexcept { return values_[c]; }
  /// Profit of the best selection with counts[c] items of each class.
  std::int64_t objective(const OpenClasses& open, std::span<const std::int64_t> counts) const;

 private:
  std::vector<std::vector<std::int64_t>> values_;
  std::vector<std::vector<std::int64_t>> sums_;  ///< of the first 0, 1, 2, ... values
};

/// The curves of one point of a series: pieces of the sorted classes around the thresholds.
class SortedCurves final : public CurveSource {
 public:
  SortedCurves(const SortedClasses& sorted, const OpenClasses& open);

  /// The vertex of `point` moved to where the multipliers are expected.
  LpPoint moved_to(std::span<const double> multipliers, LpPoint point) const {
    return moved(std::move(point), whole_, multipliers);
  }

  /// Minimum of the dual over all values; the curves are then the pieces around its thresholds.
  LpPoint minimise(LpPoint start);

  std::span<const ClassCurve> curves() const override { return pieces_; }
  LpPoint widen(std::span<const std::size_t> classes, LpPoint point) override;

 private:
  void cut_piece(std::size_t k, const LpPoint& point);

  const OpenClasses& open_;
  std::vector<ClassCurve> whole_;
  std::vector<ClassCurve> pieces_;
  std::vector<std::size_t> half_width_;
};

}  // namespace espalier::solver
