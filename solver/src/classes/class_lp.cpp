#include "classes/class_lp.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "classes/edge_search.hpp"
#include "classes/small_matrix.hpp"

namespace espalier::solver {
namespace {

/// Part of the row sums below which a residual counts as zero.
constexpr double kTolerance = 1e-12;
/// A dual below minus this part of the largest one is no rounding error.
constexpr double kNegativeDual = 1e-7;
/// Degenerate vertices can make the method turn in circles; it stops after so many pivots per row.
constexpr int kMaxPivotsPerRow = 60;
constexpr int kExtraPivots = 200;

class DualSimplex {
 public:
  DualSimplex(std::span<const ClassCurve> curves, std::span<const std::int64_t> capacities,
              LpPoint start)
      : curves_(curves),
        capacities_(capacities),
        rows_(capacities.size()),
        point_(std::move(start)),
        inverse_(rows_),
        taken_(curves.size()),
        support_of_(curves.size(), -1) {}

  LpPoint run() {
    point_.is_optimal = false;
    const int limit = kExtraPivots + kMaxPivotsPerRow * static_cast<int>(rows_);
    for (int pivot = 0; pivot < limit; ++pivot) {
      if (!factorise() && !restart()) break;
      take_above_thresholds();
      const Violation worst = most_violated();
      if (worst.amount == 0.0) {
        point_.is_optimal = true;
        break;
      }
      if (!move_along_edge(worst)) break;
      ++point_.pivots;
    }
    factorise();
    return std::move(point_);
  }

 private:
  struct Violation {
    std::size_t position = 0;
    double amount = 0.0;     ///< 0: none; the slope of the edge is its negative
    double direction = 1.0;  ///< +1: the value of the support rises, -1: it falls
  };

  double weight(std::size_t c, std::size_t row) const {
    return static_cast<double>(curves_[c].weights[row]);
  }

  /// Inverse of the supports' columns, and y from their values.
  bool factorise() {
    std::fill(support_of_.begin(), support_of_.end(), -1);
    for (std::size_t k = 0; k < rows_; ++k) {
      const LpPoint::Support& support = point_.supports[k];
      for (std::size_t i = 0; i < rows_; ++i) {
        inverse_.at(i, k) = support.class_index >= 0
                                ? weight(static_cast<std::size_t>(support.class_index), i)
                                : (static_cast<std::size_t>(support.row) == i ? 1.0 : 0.0);
      }
      if (support.class_index >= 0) {
        support_of_[static_cast<std::size_t>(support.class_index)] = static_cast<int>(k);
      }
    }
    if (!inverse_.invert()) return false;
    double least = 0.0;
    double largest = 0.0;
    for (std::size_t i = 0; i < rows_; ++i) {
      double y = 0.0;
      for (std::size_t k = 0; k < rows_; ++k) y += point_.supports[k].value * inverse_.at(k, i);
      least = std::min(least, y);
      largest = std::max(largest, y);
      point_.multipliers[i] = std::max(y, 0.0);
    }
    return least >= -kNegativeDual * largest;
  }

  /// Supports that have become singular (other weights, other classes) are given up once.
  bool restart() {
    if (has_restarted_) return false;
    has_restarted_ = true;
    const std::int64_t pivots = point_.pivots;
    point_ = origin(rows_);
    point_.pivots = pivots;
    return factorise();
  }

  double threshold(std::size_t c) const {
    if (support_of_[c] >= 0) return point_.supports[static_cast<std::size_t>(support_of_[c])].value;
    double sum = 0.0;
    for (std::size_t i = 0; i < rows_; ++i) sum += point_.multipliers[i] * weight(c, i);
    return sum;
  }

  void take_above_thresholds() {
    for (std::size_t c = 0; c < curves_.size(); ++c) {
      taken_[c] = curves_[c].taken_above(threshold(c), taken_[c]);
    }
  }

  /// Items of class c that lie exactly at the value of its support.
  std::size_t ties(std::size_t c, double value) const {
    const auto& values = curves_[c].values;
    std::size_t end = taken_[c];
    while (end < values.size() && static_cast<double>(values[end]) >= value) ++end;
    return end - taken_[c];
  }

  /// The support whose primal value lies furthest outside its bounds.
  Violation most_violated() {
    std::vector<double> residual(rows_);
    double magnitude = 1.0;
    for (std::size_t i = 0; i < rows_; ++i) {
      residual[i] = static_cast<double>(capacities_[i]);
      magnitude = std::max(magnitude, std::abs(residual[i]));
    }
    for (std::size_t c = 0; c < curves_.size(); ++c) {
      const double count = curves_[c].count_at(taken_[c]);
      if (count == 0.0) continue;
      for (std::size_t i = 0; i < rows_; ++i) {
        residual[i] -= count * weight(c, i);
        magnitude = std::max(magnitude, count * weight(c, i));
      }
    }
    Violation worst;
    double worst_score = 0.0;
    for (std::size_t k = 0; k < rows_; ++k) {
      double level = 0.0;
      double norm = 0.0;
      for (std::size_t i = 0; i < rows_; ++i) {
        level += inverse_.at(k, i) * residual[i];
        norm += std::abs(inverse_.at(k, i));
      }
      double upper = std::numeric_limits<double>::infinity();
      const int c = point_.supports[k].class_index;
      if (c >= 0) {
        const auto index = static_cast<std::size_t>(c);
        upper = curves_[index].unit * static_cast<double>(ties(index, point_.supports[k].value));
      }
      const double amount = std::max(-level, level - upper);
      if (amount <= kTolerance * magnitude * norm) continue;
      if (amount / norm > worst_score) {
        worst_score = amount / norm;
        worst = {k, amount, level < 0.0 ? 1.0 : -1.0};
      }
    }
    return worst;
  }

  /// Lets the support go and walks until another one is met; false when the values known end first.
  bool move_along_edge(const Violation& leaving) {
    const std::size_t position = leaving.position;
    const int leaving_class = point_.supports[position].class_index;
    search_.clear();
    double direction_size = 0.0;
    for (std::size_t i = 0; i < rows_; ++i) {
      direction_size = std::max(direction_size, std::abs(inverse_.at(position, i)));
    }
    for (std::size_t c = 0; c < curves_.size(); ++c) {
      const double rate = rate_of(c, position, leaving.direction, direction_size);
      if (rate == 0.0) continue;
      const double start = threshold(c);
      std::size_t taken = taken_[c];
      if (static_cast<int>(c) == leaving_class && rate < 0.0) taken += ties(c, start);
      search_.add(curves_[c], static_cast<int>(c), start, taken, rate);
    }
    const auto stop = search_.find(-leaving.amount);
    LpPoint::Support entering;
    double distance = std::numeric_limits<double>::infinity();
    if (stop) {
      entering = {stop->class_index, 0, static_cast<double>(stop->value)};
      distance = stop->distance;
    }
    bool is_met = stop.has_value();
    for (std::size_t i = 0; i < rows_; ++i) {
      const double rate = leaving.direction * inverse_.at(position, i);
      if (is_slack(i) || rate >= -1e-13 * direction_size) continue;
      const double there = point_.multipliers[i] / -rate;
      if (there < distance) {
        distance = there;
        entering = {-1, static_cast<int>(i), 0.0};
        is_met = true;
      }
    }
    if (!is_met) return false;
    point_.supports[position] = entering;
    return true;
  }

  /// How fast the threshold of a class moves along the edge; exactly 0 for the other supports.
  double rate_of(std::size_t c, std::size_t position, double direction, double size) const {
    const int support = support_of_[c];
    if (support >= 0) return static_cast<std::size_t>(support) == position ? direction : 0.0;
    double rate = 0.0;
    double largest = 0.0;
    for (std::size_t i = 0; i < rows_; ++i) {
      rate += inverse_.at(position, i) * weight(c, i);
      largest = std::max(largest, weight(c, i));
    }
    return std::abs(rate) <= 1e-13 * size * largest ? 0.0 : direction * rate;
  }

  bool is_slack(std::size_t row) const {
    return std::any_of(point_.supports.begin(), point_.supports.end(), [&](const auto& support) {
      return support.class_index < 0 && static_cast<std::size_t>(support.row) == row;
    });
  }

  std::span<const ClassCurve> curves_;
  std::span<const std::int64_t> capacities_;
  std::size_t rows_;
  LpPoint point_;
  SmallMatrix inverse_;
  std::vector<std::size_t> taken_;  ///< per class: values above its threshold
  std::vector<int> support_of_;     ///< per class: the support that is one of its items, or -1
  EdgeSearch search_;
  bool has_restarted_ = false;
};

}  // namespace

LpPoint origin(std::size_t num_rows) {
  LpPoint point;
  point.multipliers.assign(num_rows, 0.0);
  for (std::size_t i = 0; i < num_rows; ++i) {
    LpPoint::Support slack;
    slack.row = static_cast<int>(i);
    point.supports.push_back(slack);
  }
  return point;
}

LpPoint moved(LpPoint point, std::span<const ClassCurve> curves,
              std::span<const double> multipliers) {
  for (LpPoint::Support& support : point.supports) {
    if (support.class_index < 0) continue;
    const ClassCurve& curve = curves[static_cast<std::size_t>(support.class_index)];
    if (curve.values.empty()) return origin(point.supports.size());
    const std::size_t taken = curve.taken_above(curve.threshold(multipliers));
    support.value = static_cast<double>(curve.values[std::min(taken, curve.values.size() - 1)]);
  }
  return point;
}

LpPoint vertex_near(std::span<const ClassCurve> curves, std::span<const double> multipliers,
                    std::size_t num_rows) {
  LpPoint point = origin(num_rows);
  if (multipliers.empty()) return point;
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < num_rows; ++i) {
    if (multipliers[i] > 0.0) rows.push_back(i);
  }
  std::vector<std::size_t> order(curves.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return static_cast<double>(curves[a].values.size()) * curves[a].unit >
           static_cast<double>(curves[b].values.size()) * curves[b].unit;
  });
  // Gram and Schmidt: what is left of a class's weights beside those of the classes chosen before.
  constexpr double kIndependent = 0.05;
  std::vector<std::vector<double>> directions;
  for (std::size_t k = 0; k < order.size() && directions.size() < rows.size(); ++k) {
    std::vector<double> left;
    for (const std::size_t i : rows) {
      left.push_back(multipliers[i] * static_cast<double>(curves[order[k]].weights[i]));
    }
    const auto length = [&left] {
      return std::sqrt(std::inner_product(left.begin(), left.end(), left.begin(), 0.0));
    };
    const double whole = length();
    for (const auto& direction : directions) {
      const double part = std::inner_product(left.begin(), left.end(), direction.begin(), 0.0);
      for (std::size_t i = 0; i < left.size(); ++i) left[i] -= part * direction[i];
    }
    const double rest = length();
    if (curves[order[k]].values.empty() || !(rest > kIndependent * whole)) continue;
    for (double& x : left) x /= rest;
    point.supports[rows[directions.size()]] = {static_cast<int>(order[k]), 0, 0.0};
    directions.push_back(std::move(left));
  }
  if (directions.size() < rows.size()) return origin(num_rows);
  return moved(std::move(point), curves, multipliers);
}

LpPoint minimise_dual(std::span<const ClassCurve> curves, std::span<const std::int64_t> capacities,
                      LpPoint start) {
  return DualSimplex(curves, capacities, std::move(start)).run();
}

}  // namespace espalier::solver
