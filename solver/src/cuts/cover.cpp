#include "cuts/cover.hpp"

#include <algorithm>
#include <cmath>

#include "espalier/support/exact.hpp"

namespace espalier::solver {
namespace {

/// A point must violate a cut by more than this; the simplex point is not exact.
constexpr double kLeastViolation = 1e-4;

/// Most fractional items whose subsets are all tried as covers.
constexpr std::size_t kMostEnumerated = 10;
/// Longest table of least weights; a cut that needs a longer one is not made.
constexpr std::int64_t kMostLeftSide = 4096;

/// An inequality that grows by sequential lifting, with the table that makes every step exact.
///
/// Invariant: sum_L coefficient_j x_j <= right_side holds for all selections in which the items not
/// lifted yet keep the value they are fixed at and `capacity` is what those at 1 leave of the row.
/// least_weight[v] is the least weight of a selection of lifted items with a left side of v or
/// more.
class SequentialLifting {
 public:
  /// Starts with the cover inequality of `cover`.
  SequentialLifting(std::span<const std::int64_t> weights, std::span<const std::int32_t> cover,
                    Int128 capacity)
      : weights_(weights), capacity_(capacity) {
    cut_.coefficients.assign(weights.size(), 0);
    for (const auto j : cover) add(j, 1);
    cut_.right_side = static_cast<std::int64_t>(cover.size()) - 1;
  }

  bool is_lifted(std::int32_t j) const {
    return cut_.coefficients[static_cast<std::size_t>(j)] != 0;
  }
  /// Whether the item can be chosen while those fixed at 1 are.
  bool fits(std::int32_t j) const { return weight(j) <= capacity_; }

  /// Frees an item that was fixed at 0; requires fits(j).
  void lift_up(std::int32_t j) {
    add(j, cut_.right_side - largest_left_side(capacity_ - weight(j)));
  }

  /// Frees an item that was fixed at 1.
  void lift_down(std::int32_t j) {
    capacity_ += weight(j);
    const std::int64_t coefficient = largest_left_side(capacity_) - cut_.right_side;
    cut_.right_side += coefficient;
    add(j, coefficient);
  }

  /// The inequality; nothing when a table had to be longer than is reasonable.
  std::optional<Cut> finish() && {
    if (is_too_long_) return std::nullopt;
    return std::move(cut_);
  }

 private:
  std::int64_t weight(std::int32_t j) const { return weights_[static_cast<std::size_t>(j)]; }

  std::int64_t largest_left_side(Int128 room) const {
    const auto beyond = std::upper_bound(least_weight_.begin(), least_weight_.end(), room);
    return static_cast<std::int64_t>(beyond - least_weight_.begin()) - 1;
  }

  void add(std::int32_t j, std::int64_t coefficient) {
    cut_.coefficients[static_cast<std::size_t>(j)] = coefficient;
    if (coefficient == 0 || is_too_long_) return;
    const auto before = static_cast<std::int64_t>(least_weight_.size());
    is_too_long_ = before + coefficient > kMostLeftSide;
    if (is_too_long_) return;
    const auto at = [this](std::int64_t v) -> Int128& {
      return least_weight_[static_cast<std::size_t>(std::max<std::int64_t>(v, 0))];
    };
    least_weight_.resize(static_cast<std::size_t>(before + coefficient));
    for (std::int64_t v = before + coefficient - 1; v >= 1; --v) {
      const Int128 with = at(v - coefficient) + weight(j);
      at(v) = v < before ? std::min(at(v), with) : with;
    }
  }

  std::span<const std::int64_t> weights_;
  Int128 capacity_;
  std::vector<Int128> least_weight_ = {0};
  Cut cut_;
  bool is_too_long_ = false;
};

class CoverSeparator {
 public:
  CoverSeparator(std::span<const std::int64_t> weights, std::int64_t capacity,
                 std::span<const double> point)
      : weights_(weights), capacity_(capacity), point_(point) {
    for (std::size_t j = 0; j < weights.size(); ++j) {
      if (weights[j] > 0) order_.push_back(static_cast<std::int32_t>(j));
    }
    std::sort(order_.begin(), order_.end(), [this](std::int32_t a, std::int32_t b) {
      if (this->point(a) != this->point(b)) return this->point(a) > this->point(b);
      return weight(a) > weight(b) || (weight(a) == weight(b) && a < b);
    });
  }

  std::optional<Cut> run() {
    std::optional<Cut> best;
    // All items in the cover or lifted up from 0; then with the items at 1 fixed there at first.
    for (const double least_fixed : {2.0, 1.0 - kIntegral}) {
      auto cut = lift(least_fixed);
      if (!cut || violation(*cut) <= kLeastViolation) continue;
      if (!best || efficacy(*cut, point_) > efficacy(*best, point_)) best = std::move(cut);
    }
    return best;
  }

 private:
  /// Values of the point that close to 0 or 1 count as that; only a guide.
  static constexpr double kIntegral = 1e-6;

  std::int64_t weight(std::int32_t j) const { return weights_[static_cast<std::size_t>(j)]; }
  double point(std::int32_t j) const { return point_[static_cast<std::size_t>(j)]; }

  double violation(const Cut& cut) const {
    double left = 0.0;
    for (std::size_t j = 0; j < point_.size(); ++j) {
      left += static_cast<double>(cut.coefficients[j]) * point_[j];
    }
    return left - static_cast<double>(cut.right_side);
  }

  /// Finds a cover among the items below `least_fixed`, those above being chosen, and lifts it.
  std::optional<Cut> lift(double least_fixed) const {
    std::vector<std::int32_t> chosen;
    std::vector<std::int32_t> free;
    Int128 room = capacity_;
    for (const auto j : order_) {
      if (point(j) >= least_fixed) {
        chosen.push_back(j);
        room -= weight(j);
      } else {
        free.push_back(j);
      }
    }
    if (room < 0) return std::nullopt;  // the point violates the row by rounding
    auto cover = cheapest_cover(free, room);
    if (cover.empty()) cover = greedy_cover(free, room);
    if (cover.size() + chosen.size() < 2 || cover.empty()) return std::nullopt;
    SequentialLifting lifting(weights_, cover, room);
    const auto lift_up_all = [&] {
      for (const auto j : free) {
        if (!lifting.is_lifted(j) && lifting.fits(j)) lifting.lift_up(j);
      }
    };
    lift_up_all();
    std::sort(chosen.begin(), chosen.end(), [this](std::int32_t a, std::int32_t b) {
      return weight(a) > weight(b) || (weight(a) == weight(b) && a < b);
    });
    for (const auto j : chosen) lifting.lift_down(j);
    lift_up_all();  // what did not fit before
    return std::move(lifting).finish();
  }

  /// The minimal cover of the fractional items with the smallest sum of 1 - point, by trying all;
  /// empty where there is none or there are too many to try.
  std::vector<std::int32_t> cheapest_cover(std::span<const std::int32_t> free, Int128 room) const {
    std::vector<std::int32_t> fractional;
    for (const auto j : free) {
      if (point(j) > kIntegral && point(j) < 1.0 - kIntegral) fractional.push_back(j);
    }
    if (fractional.size() > kMostEnumerated) return {};
    std::vector<std::int32_t> best;
    double best_cost = static_cast<double>(fractional.size()) + 1.0;
    for (unsigned set = 1; set < 1U << fractional.size(); ++set) {
      Int128 total = 0;
      Int128 lightest = capacity_;
      double cost = 0.0;
      for (std::size_t k = 0; k < fractional.size(); ++k) {
        if ((set >> k & 1U) == 0) continue;
        total += weight(fractional[k]);
        lightest = std::min(lightest, Int128{weight(fractional[k])});
        cost += 1.0 - point(fractional[k]);
      }
      if (total <= room || total - lightest > room || cost >= best_cost) continue;
      best_cost = cost;
      best.clear();
      for (std::size_t k = 0; k < fractional.size(); ++k) {
        if ((set >> k & 1U) != 0) best.push_back(fractional[k]);
      }
    }
    return best;
  }

  /// Items by rising (1 - point) / weight until they do not fit together; then minimal: the items
  /// whose absence costs the cut least leave first.
  std::vector<std::int32_t> greedy_cover(std::vector<std::int32_t> order, Int128 room) const {
    const auto cost = [this](std::int32_t j) {
      return (1.0 - point(j)) / static_cast<double>(weight(j));
    };
    std::sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
      const double left = cost(a);
      const double right = cost(b);
      return left < right || (left == right && a < b);
    });
    std::vector<std::int32_t> cover;
    Int128 total = 0;
    for (const auto j : order) {
      cover.push_back(j);
      total += weight(j);
      if (total > room) break;
    }
    if (total <= room) return {};
    std::sort(cover.begin(), cover.end(), [this](std::int32_t a, std::int32_t b) {
      return point(a) < point(b) || (point(a) == point(b) && a < b);
    });
    std::erase_if(cover, [&](std::int32_t j) {
      if (total - weight(j) <= room) return false;
      total -= weight(j);
      return true;
    });
    return cover;
  }

  std::span<const std::int64_t> weights_;
  std::int64_t capacity_;
  std::span<const double> point_;
  std::vector<std::int32_t> order_;  // items with weight, those with large values first
};

}  // namespace

std::optional<Cut> separate_lifted_cover(std::span<const std::int64_t> weights,
                                         std::int64_t capacity, std::span<const double> point) {
  return CoverSeparator(weights, capacity, point).run();
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
