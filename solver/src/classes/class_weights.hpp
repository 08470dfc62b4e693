#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "classes/class_curve.hpp"

namespace espalier::solver {

/// The weights of all classes as floating-point numbers, row by row, so that loops over the classes
/// run on vectors.
class ClassWeights {
 public:
  ClassWeights(std::span<const ClassCurve> curves, std::size_t num_rows)
      : num_classes_(curves.size()), cells_(num_rows * curves.size()) {
    for (std::size_t c = 0; c < num_classes_; ++c) {
      for (std::size_t i = 0; i < num_rows; ++i) {
        cells_[i * num_classes_ + c] = static_cast<double>(curves[c].weights[i]);
      }
    }
  }

  std::size_t num_classes() const noexcept { return num_classes_; }
  /// One weight per class.
  const double* row(std::size_t i) const noexcept { return cells_.data() + i * num_classes_; }
  double at(std::size_t c, std::size_t i) const noexcept { return row(i)[c]; }

  /// sums[c] = factors . weights of class c.
  void combine(std::span<const double> factors, std::vector<double>& sums) const {
    sums.assign(num_classes_, 0.0);
    for (std::size_t i = 0; i < factors.size(); ++i) {
      const double* const weights = row(i);
      for (std::size_t c = 0; c < num_classes_; ++c) sums[c] += factors[i] * weights[c];
    }
  }

 private:
  std::size_t num_classes_;
  std::vector<double> cells_;
};

}  // namespace espalier::solver
