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
  /// One in so many of them, to find out about where a threshold lies.
  struct Sample {
    std::vector<std::int64_t> values;
    std::size_t stride = 1;
  };
  const Sample& sample(std::size_t c) const noexcept { return samples_[c]; }
  /// Profit of the best selection with counts[c] items of each class.
  std::int64_t objective(const OpenClasses& open, std::span<const std::int64_t> counts) const;

 private:
  std::vector<std::vector<std::int64_t>> values_;
  std::vector<Sample> samples_;
  std::vector<std::vector<std::int64_t>> sums_;  ///< of the first 0, kSumStride, ... values
};

/// The curves of one point of a series: pieces of the sorted classes around the thresholds.
class SortedCurves final : public CurveSource {
 public:
  SortedCurves(const SortedClasses& sorted, const OpenClasses& open);

  /// The multipliers of the minimum over samples of the values.
  std::vector<double> rough_multipliers() const;

  /// Minimum of the dual over all values, which is expected near these multipliers; `taken` as in
  /// LpPoint. The curves are then the pieces around its thresholds.
  LpPoint minimise(std::vector<double> expected, std::vector<std::size_t> taken);

  std::span<const ClassCurve> curves() const override { return pieces_; }
  LpPoint widen(std::span<const std::size_t> classes, LpPoint point) override;

 private:
  void cut_piece(std::size_t k, const LpPoint& point);

  const SortedClasses& sorted_;
  const OpenClasses& open_;
  std::vector<ClassCurve> whole_;
  std::vector<ClassCurve> pieces_;
  std::vector<std::size_t> half_width_;
};

}  // namespace espalier::solver
