#include "cuts/cover.hpp"

#include <algorithm>
#include <cmath>

#include "espalier/support/exact.hpp"

namespace espalier::solver {
namespace {

/// A point must violate a cut by more than this; the simplex point is not exact.
constexpr double kLeastViolation = 1e-4;

class CoverLifter {
 public:
  CoverLifter(std::span<const std::int64_t> weights, std::int64_t capacity,
              std::span<const double> point)
      : weights_(weights), capacity_(capacity), point_(point) {}

  std::optional<Cut> run() {
    if (!find_cover()) return std::nullopt;
    Cut cut;
    cut.coefficients.assign(weights_.size(), 0);
    cut.right_side = static_cast<std::int64_t>(cover_.size()) - 1;
    for (const auto j : cover_) cut.coefficients[static_cast<std::size_t>(j)] = 1;
    lift(cut);
    double left = 0.0;
    for (std::size_t j = 0; j < point_.size(); ++j) {
      left += static_cast<double>(cut.coefficients[j]) * point_[j];
    }
    if (left <= static_cast<double>(cut.right_side) + kLeastViolation) return std::nullopt;
    return cut;
  }

 private:
  std::int64_t weight(std::int32_t j) const { return weights_[static_cast<std::size_t>(j)]; }
  double point(std::int32_t j) const { return point_[static_cast<std::size_t>(j)]; }

  /// Greedy cover, then minimal: the items whose absence costs the cut least leave first.
  bool find_cover() {
    std::vector<std::int32_t> order;
    for (std::size_t j = 0; j < weights_.size(); ++j) {
      if (weights_[j] > 0) order.push_back(static_cast<std::int32_t>(j));
    }
    const auto cost = [this](std::int32_t j) {
      return (1.0 - point(j)) / static_cast<double>(weight(j));
    };
    std::sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
      const double left = cost(a);
      const double right = cost(b);
      return left < right || (left == right && a < b);
    });
    Int128 total = 0;
    for (const auto j : order) {
      cover_.push_back(j);
      total += weight(j);
      if (total > capacity_) break;
    }
    if (total <= capacity_) return false;
    std::sort(cover_.begin(), cover_.end(), [this](std::int32_t a, std::int32_t b) {
      return point(a) < point(b) || (point(a) == point(b) && a < b);
    });
    std::erase_if(cover_, [&](std::int32_t j) {
      if (total - weight(j) <= capacity_) return false;
      total -= weight(j);
      return true;
    });
    return cover_.size() >= 2;
  }

  /// The items outside the cover, those with large values in the point first: they profit most.
  std::vector<std::int32_t> lifting_order(const Cut& cut) const {
    std::vector<std::int32_t> rest;
    for (std::size_t j = 0; j < weights_.size(); ++j) {
      if (cut.coefficients[j] == 0 && weights_[j] > 0) rest.push_back(static_cast<std::int32_t>(j));
    }
    std::sort(rest.begin(), rest.end(), [this](std::int32_t a, std::int32_t b) {
      if (point(a) != point(b)) return point(a) > point(b);
      return weight(a) > weight(b) || (weight(a) == weight(b) && a < b);
    });
    return rest;
  }

  void lift(Cut& cut) const {
    const auto rhs = static_cast<std::size_t>(cut.right_side);
    // least_weight[v]: least weight of chosen items with a left side of v or more.
    std::vector<Int128> least_weight(rhs + 1, 0);
    std::vector<std::int64_t> cover_weights;
    for (const auto j : cover_) cover_weights.push_back(weight(j));
    std::sort(cover_weights.begin(), cover_weights.end());
    for (std::size_t v = 1; v <= rhs; ++v) {
      least_weight[v] = least_weight[v - 1] + cover_weights[v - 1];
    }
    for (const auto k : lifting_order(cut)) {
      const Int128 left = Int128{capacity_} - weight(k);
      if (left < 0) continue;  // never chosen: any coefficient is valid, 0 keeps the row small
      const auto beyond = std::upper_bound(least_weight.begin(), least_weight.end(), left);
      const auto value = static_cast<std::size_t>(beyond - least_weight.begin()) - 1;
      const std::size_t coefficient = rhs - value;
      if (coefficient == 0) continue;
      cut.coefficients[static_cast<std::size_t>(k)] = static_cast<std::int64_t>(coefficient);
      for (std::size_t v = rhs; v >= 1; --v) {
        const std::size_t before = v > coefficient ? v - coefficient : 0;
        least_weight[v] = std::min(least_weight[v], least_weight[before] + weight(k));
      }
    }
  }

  std::span<const std::int64_t> weights_;
  std::int64_t capacity_;
  std::span<const double> point_;
  std::vector<std::int32_t> cover_;
};

}  // namespace

std::optional<Cut> separate_lifted_cover(std::span<const std::int64_t> weights,
                                         std::int64_t capacity, std::span<const double> point) {
  return CoverLifter(weights, capacity, point).run();
}

double efficacy(const Cut& cut, std::span<const double> point) {
  double left = 0.0;
  double length = 0.0;
  for (std::size_t j = 0; j < point.size(); ++j) {
    const auto coefficient = static_cast<double>(cut.coefficients[j]);
    left += coefficient * point[j];
    length += coefficient * coefficient;
  }
  return (left - static_cast<double>(cut.right_side)) / std::sqrt(length);
}

}  // namespace espalier::solver
