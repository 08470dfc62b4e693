#include "classes/basis_tube.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "espalier/support/exact.hpp"

namespace espalier::solver {
namespace {

using Matrix = std::vector<std::vector<std::int64_t>>;

/// Determinant by Laplace's expansion along the first row. The caller knows that it fits.
std::int64_t determinant(const Matrix& a) {
  if (a.empty()) return 1;
  if (a.size() == 1) return a[0][0];
  if (a.size() == 2) return a[0][0] * a[1][1] - a[0][1] * a[1][0];
  std::int64_t sum = 0;
  for (std::size_t column = 0; column < a.size(); ++column) {
    if (a[0][column] == 0) continue;
    Matrix minor;
    for (std::size_t row = 1; row < a.size(); ++row) {
      std::vector<std::int64_t> rest = a[row];
      rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(column));
      minor.push_back(std::move(rest));
    }
    const std::int64_t part = a[0][column] * determinant(minor);
    sum += column % 2 == 0 ? part : -part;
  }
  return sum;
}

std::int64_t cofactor(const Matrix& a, std::size_t without_row, std::size_t without_column) {
  Matrix minor;
  for (std::size_t row = 0; row < a.size(); ++row) {
    if (row == without_row) continue;
    std::vector<std::int64_t> rest = a[row];
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(without_column));
    minor.push_back(std::move(rest));
  }
  const std::int64_t value = determinant(minor);
  return (without_row + without_column) % 2 == 0 ? value : -value;
}

/// Bound on every term of the expansions: the product of the rows' sums.
bool determinants_fit(const Matrix& a) {
  double product = 1.0;
  for (const auto& row : a) {
    double sum = 1.0;
    for (const std::int64_t value : row) sum += static_cast<double>(value);
    product *= sum;
  }
  return product < BasisTube::kLimit;
}

}  // namespace

bool BasisTube::build(std::span<const ClassCurve> curves, const LpPoint& point,
                      const IntegerMultipliers& multipliers,
                      std::span<const std::int64_t> residual) {
  num_classes_ = curves.size();
  for (const LpPoint::Support& support : point.supports) {
    if (support.class_index >= 0) {
      classes_.push_back(static_cast<std::size_t>(support.class_index));
    }
  }
  for (std::size_t i = 0; i < residual.size(); ++i) {
    if (multipliers.values[i] > 0) rows_.push_back(i);
  }
  if (classes_.size() != rows_.size() || !invert(curves)) return false;

  const std::size_t size = classes_.size();
  for (std::size_t k = 0; k < size; ++k) {
    double least = 0.0;
    double most = 0.0;
    for (std::size_t i = 0; i < size; ++i) {
      const double ratio =
          static_cast<double>(adjugate_[k][i]) / static_cast<double>(multipliers.values[rows_[i]]);
      least = std::min(least, ratio);
      most = std::max(most, ratio);
    }
    least_.push_back(least * (1.0 + 1e-12));
    most_.push_back(most * (1.0 + 1e-12));
  }
  order_by_width();

  per_item_.resize(size * num_classes_);
  for (std::size_t k = 0; k < size; ++k) {
    Int128 start = 0;
    double magnitude = 0.0;
    for (std::size_t i = 0; i < size; ++i) {
      start += Int128{adjugate_[k][i]} * residual[rows_[i]];
      magnitude += std::abs(static_cast<double>(adjugate_[k][i])) *
                   std::abs(static_cast<double>(residual[rows_[i]]));
    }
    for (std::size_t c = 0; c < num_classes_; ++c) {
      Int128 item = 0;
      double largest = 0.0;
      for (std::size_t i = 0; i < size; ++i) {
        item += Int128{adjugate_[k][i]} * curves[c].weights[rows_[i]];
        largest += std::abs(static_cast<double>(adjugate_[k][i])) *
                   static_cast<double>(curves[c].weights[rows_[i]]);
      }
      if (largest >= kLimit) return false;
      per_item_[k * num_classes_ + c] = static_cast<std::int64_t>(item);
      magnitude +=
          std::abs(static_cast<double>(item)) * static_cast<double>(curves[c].values.size());
    }
    if (magnitude >= kLimit) return false;
    start_[k] = static_cast<std::int64_t>(start);
  }
  return true;
}

std::int64_t BasisTube::residue(std::int64_t numerator) const noexcept {
  return numerator - determinant_ * floor_div(numerator, determinant_);
}

bool BasisTube::invert(std::span<const ClassCurve> curves) {
  const std::size_t size = classes_.size();
  if (size > kMaxCountRows) return false;
  Matrix b(size, std::vector<std::int64_t>(size));
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t k = 0; k < size; ++k) b[i][k] = curves[classes_[k]].weights[rows_[i]];
  }
  if (!determinants_fit(b)) return false;
  determinant_ = determinant(b);
  if (determinant_ == 0) return false;
  const std::int64_t sign = determinant_ < 0 ? -1 : 1;
  determinant_ *= sign;
  adjugate_.assign(size, std::vector<std::int64_t>(size));
  for (std::size_t k = 0; k < size; ++k) {
    for (std::size_t i = 0; i < size; ++i) adjugate_[k][i] = sign * cofactor(b, i, k);
  }
  return true;
}

void BasisTube::order_by_width() {
  std::vector<std::size_t> order(classes_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return most_[a] - least_[a] < most_[b] - least_[b];
  });
  const auto permute = [&](auto& values) {
    auto old = values;
    for (std::size_t k = 0; k < order.size(); ++k) values[k] = std::move(old[order[k]]);
  };
  permute(classes_);
  permute(adjugate_);
  permute(least_);
  permute(most_);
}

BasisTube::Interval BasisTube::interval(std::size_t k, std::int64_t numerator,
                                        std::int64_t left) const noexcept {
  const Interval reach = reach_of(k, left);
  return {ceil_div(numerator - reach.high, determinant_),
          floor_div(numerator - reach.low, determinant_)};
}

}  // namespace espalier::solver
