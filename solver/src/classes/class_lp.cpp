#include "classes/class_lp.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "classes/class_weights.hpp"
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
        weights_(curves, rows_),
        point_(std::move(start)),
        inverse_(rows_),
        counts_(curves.size()),
        largest_weight_(curves.size(), 0.0) {
    point_.taken.resize(curves.size(), 0);
    for (std::size_t i = 0; i < rows_; ++i) {
      const double* const weights = weights_.row(i);
      for (std::size_t c = 0; c < curves.size(); ++c) {
        largest_weight_[c] = std::max(largest_weight_[c], weights[c]);
      }
    }
  }

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

  /// Inverse of the supports' columns, and y from their values.
  bool factorise() {
    for (std::size_t k = 0; k < rows_; ++k) {
      const LpPoint::Support& support = point_.supports[k];
      for (std::size_t i = 0; i < rows_; ++i) {
        inverse_.at(i, k) = support.class_index >= 0
                                ? weights_.at(static_cast<std::size_t>(support.class_index), i)
                                : (static_cast<std::size_t>(support.row) == i ? 1.0 : 0.0);
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
    LpPoint anew = origin(rows_);
    anew.taken = std::move(point_.taken);
    anew.pivots = point_.pivots;
    point_ = std::move(anew);
    return factorise();
  }

  void take_above_thresholds() {
    weights_.combine(point_.multipliers, thresholds_);
    for (const LpPoint::Support& support : point_.supports) {
      if (support.class_index < 0) continue;
      thresholds_[static_cast<std::size_t>(support.class_index)] = support.value;
    }
    for (std::size_t c = 0; c < curves_.size(); ++c) {
      point_.taken[c] = curves_[c].taken_above(thresholds_[c], point_.taken[c]);
      counts_[c] = curves_[c].count_at(point_.taken[c]);
    }
  }

  /// Items of class c that lie exactly at the value of its support.
  std::size_t ties(std::size_t c, double value) const {
    const auto& values = curves_[c].values;
    std::size_t end = point_.taken[c];
    while (end < values.size() && static_cast<double>(values[end]) >= value) ++end;
    return end - point_.taken[c];
  }

  /// The support whose primal value lies furthest outside its bounds.
  Violation most_violated() {
    std::vector<double> residual(rows_);
    double magnitude = 1.0;
    for (std::size_t i = 0; i < rows_; ++i) {
      const double* const weights = weights_.row(i);
      double load = 0.0;
      for (std::size_t c = 0; c < curves_.size(); ++c) load += counts_[c] * weights[c];
      const auto capacity = static_cast<double>(capacities_[i]);
      residual[i] = capacity - load;
      magnitude = std::max({magnitude, std::abs(capacity), load});
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
    find_rates(position, leaving.direction, direction_size);
    for (std::size_t c = 0; c < curves_.size(); ++c) {
      const double rate = rates_[c];
      if (rate == 0.0) continue;
      std::size_t taken = point_.taken[c];
      if (static_cast<int>(c) == leaving_class && rate < 0.0) taken += ties(c, thresholds_[c]);
      search_.add(curves_[c], static_cast<int>(c), thresholds_[c], taken, rate);
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

  /// How fast the threshold of each class moves along the edge; exactly 0 for the other supports.
  void find_rates(std::size_t position, double direction, double size) {
    std::vector<double> towards;
    for (std::size_t i = 0; i < rows_; ++i) {
      towards.push_back(direction * inverse_.at(position, i));
    }
    weights_.combine(towards, rates_);
    for (std::size_t c = 0; c < curves_.size(); ++c) {
      if (std::abs(rates_[c]) <= 1e-13 * size * largest_weight_[c]) rates_[c] = 0.0;
    }
    for (std::size_t k = 0; k < rows_; ++k) {
      const int c = point_.supports[k].class_index;
      if (c >= 0) rates_[static_cast<std::size_t>(c)] = k == position ? direction : 0.0;
    }
  }

  bool is_slack(std::size_t row) const {
    return std::any_of(point_.supports.begin(), point_.supports.end(), [&](const auto& support) {
      return support.class_index < 0 && static_cast<std::size_t>(support.row) == row;
    });
  }

  std::span<const ClassCurve> curves_;
  std::span<const std::int64_t> capacities_;
  std::size_t rows_;
  ClassWeights weights_;
  LpPoint point_;
  SmallMatrix inverse_;
  // by class
  std::vector<double> thresholds_;
  std::vector<double> counts_;  ///< items that point_.taken stands for
  std::vector<double> rates_;   ///< of the threshold, along the edge
  std::vector<double> largest_weight_;
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
  point.taken.clear();
  for (LpPoint::Support& support : point.supports) {
    if (support.class_index < 0) continue;
    const ClassCurve& curve = curves[static_cast<std::size_t>(support.class_index)];
    if (curve.values.empty()) return origin(point.supports.size());
    const std::size_t taken = curve.taken_above(curve.threshold(multipliers));
    support.value = static_cast<double>(curve.values[std::min(taken, curve.values.size() - 1)]);
  }
  return point;
}

LpPoint minimise_dual(std::span<const ClassCurve> curves, std::span<const std::int64_t> capacities,
                      LpPoint start) {
  return DualSimplex(curves, capacities, std::move(start)).run();
}

}  // namespace espalier::solver
