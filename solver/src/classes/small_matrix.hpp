#pragma once

#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace espalier::solver {

/// A dense square matrix of the few rows that a knapsack has, row by row.
struct SmallMatrix {
  explicit SmallMatrix(std::size_t dimension)
      : size(dimension), cells(dimension * dimension, 0.0) {}

  double& at(std::size_t row, std::size_t column) { return cells[row * size + column]; }
  double at(std::size_t row, std::size_t column) const { return cells[row * size + column]; }

  /// Replaces the matrix by its inverse; false when it is singular to working precision.
  bool invert() {
    SmallMatrix inverse(size);
    for (std::size_t i = 0; i < size; ++i) inverse.at(i, i) = 1.0;
    for (std::size_t column = 0; column < size; ++column) {
      std::size_t pivot = column;
      for (std::size_t row = column + 1; row < size; ++row) {
        if (std::abs(at(row, column)) > std::abs(at(pivot, column))) pivot = row;
      }
      if (std::abs(at(pivot, column)) < 1e-30) return false;
      swap_rows(pivot, column);
      inverse.swap_rows(pivot, column);
      const double factor = 1.0 / at(column, column);
      scale_row(column, factor);
      inverse.scale_row(column, factor);
      for (std::size_t row = 0; row < size; ++row) {
        if (row == column || at(row, column) == 0.0) continue;
        const double multiple = at(row, column);
        subtract_row(row, column, multiple);
        inverse.subtract_row(row, column, multiple);
      }
    }
    cells = std::move(inverse.cells);
    return true;
  }

  std::size_t size;
  std::vector<double> cells;

 private:
  void swap_rows(std::size_t a, std::size_t b) {
    if (a == b) return;
    for (std::size_t k = 0; k < size; ++k) std::swap(at(a, k), at(b, k));
  }
  void scale_row(std::size_t row, double factor) {
    for (std::size_t k = 0; k < size; ++k) at(row, k) *= factor;
  }
  void subtract_row(std::size_t row, std::size_t other, double multiple) {
    for (std::size_t k = 0; k < size; ++k) at(row, k) -= multiple * at(other, k);
  }
};

}  // namespace espalier::solver
