#include "classes/near_vertex.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "classes/class_weights.hpp"
#include "classes/small_matrix.hpp"

namespace espalier::solver {
namespace {

std::vector<std::size_t> positive_rows(std::span<const double> multipliers) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < multipliers.size(); ++i) {
    if (multipliers[i] > 0.0) rows.push_back(i);
  }
  return rows;
}

/// Goes from item to item. Lengths are relative changes of the multipliers.
class VertexWalk {
 public:
  VertexWalk(std::span<const ClassCurve> curves, std::span<const double> multipliers,
             std::span<const std::size_t> rows, std::vector<std::size_t>& taken)
      : curves_(curves), thresholds_(curves.size(), 0.0), whole_(curves.size(), 0.0) {
    const ClassWeights weights(curves, multipliers.size());
    for (const std::size_t i : rows) {
      free_.emplace_back(curves.size());
      for (std::size_t c = 0; c < curves.size(); ++c) {
        const double part = multipliers[i] * weights.row(i)[c];
        free_.back()[c] = part;
        thresholds_[c] += part;
        whole_[c] += part * part;
      }
    }
    length_ = whole_;
    constexpr double kNone = std::numeric_limits<double>::infinity();
    taken.resize(curves.size(), 0);
    for (std::size_t c = 0; c < curves.size(); ++c) {
      const auto& values = curves[c].values;
      const std::size_t k = taken[c] = curves[c].taken_above(thresholds_[c], taken[c]);
      above_.push_back(k > curves[c].first ? static_cast<double>(values[k - 1]) : kNone);
      below_.push_back(k < values.size() ? static_cast<double>(values[k]) : -kNone);
    }
  }

  /// Moves to the nearest item of a class that is independent of those before; false when there is
  /// none.
  bool go(LpPoint::Support& support) {
    constexpr double kIndependent = 1e-3;  // part of a class's weights that must be left
    double nearest = std::numeric_limits<double>::infinity();
    std::size_t chosen = curves_.size();
    for (std::size_t c = 0; c < curves_.size(); ++c) {
      if (!(length_[c] > kIndependent * kIndependent * whole_[c])) continue;
      const double gap =
          std::min(std::abs(above_[c] - thresholds_[c]), std::abs(thresholds_[c] - below_[c]));
      const double way = gap * gap / length_[c];
      if (way < nearest) {
        nearest = way;
        chosen = c;
      }
    }
    if (chosen == curves_.size()) return false;
    const bool is_above = std::abs(above_[chosen] - thresholds_[chosen]) <=
                          std::abs(thresholds_[chosen] - below_[chosen]);
    support = {static_cast<int>(chosen), 0, is_above ? above_[chosen] : below_[chosen]};
    move(chosen, support.value - thresholds_[chosen]);
    return true;
  }

 private:
  /// Changes the threshold of the chosen class, and takes its direction from all.
  void move(std::size_t chosen, double change) {
    const double length = length_[chosen];
    std::vector<double> direction;
    for (const auto& part : free_) direction.push_back(part[chosen] / length);
    std::vector<double> along(curves_.size(), 0.0);  // of a class, per length of the chosen one
    for (std::size_t i = 0; i < free_.size(); ++i) {
      for (std::size_t c = 0; c < curves_.size(); ++c) along[c] += free_[i][c] * direction[i];
    }
    for (std::size_t c = 0; c < curves_.size(); ++c) thresholds_[c] += change * along[c];
    std::fill(length_.begin(), length_.end(), 0.0);
    for (std::size_t i = 0; i < free_.size(); ++i) {
      for (std::size_t c = 0; c < curves_.size(); ++c) {
        free_[i][c] -= along[c] * direction[i] * length;
        length_[c] += free_[i][c] * free_[i][c];
      }
    }
    length_[chosen] = 0.0;
  }

  std::span<const ClassCurve> curves_;
  std::vector<double> thresholds_;
  std::vector<double> above_, below_;  ///< the items next to the threshold at the start
  std::vector<std::vector<double>>
      free_;                            ///< by row: y_i w_ci less what earlier supports determine
  std::vector<double> length_, whole_;  ///< squared, of that and of y_i w_ci
};

}  // namespace

LpPoint vertex_near(std::span<const ClassCurve> curves, std::span<const double> multipliers,
                    std::size_t num_rows, std::vector<std::size_t> taken) {
  LpPoint point = origin(num_rows);
  const std::vector<std::size_t> rows = positive_rows(multipliers);
  if (rows.empty()) return point;
  VertexWalk walk(curves, multipliers, rows, taken);
  for (const std::size_t i : rows) {
    if (!walk.go(point.supports[i])) return origin(num_rows);
  }
  point.taken = std::move(taken);
  return point;
}

std::vector<double> newton_step(std::span<const ClassCurve> curves,
                                std::span<const std::int64_t> capacities,
                                std::vector<double> multipliers, std::vector<std::size_t>& taken) {
  const std::vector<std::size_t> rows = positive_rows(multipliers);
  const ClassWeights weights(curves, multipliers.size());
  std::vector<double> thresholds;
  weights.combine(multipliers, thresholds);
  taken.resize(curves.size(), 0);
  std::vector<double> counts(curves.size());
  std::vector<double> densities(curves.size());
  for (std::size_t c = 0; c < curves.size(); ++c) {
    taken[c] = curves[c].taken_above(thresholds[c], taken[c]);
    counts[c] = curves[c].count_at(taken[c]);
    densities[c] = curves[c].unit * curves[c].density(taken[c], thresholds[c]);
  }
  SmallMatrix slope(rows.size());
  std::vector<double> excess;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double* const of_i = weights.row(rows[i]);
    double load = 0.0;
    for (std::size_t c = 0; c < curves.size(); ++c) load += counts[c] * of_i[c];
    excess.push_back(load - static_cast<double>(capacities[rows[i]]));
    for (std::size_t j = 0; j <= i; ++j) {
      const double* const of_j = weights.row(rows[j]);
      double sum = 0.0;
      for (std::size_t c = 0; c < curves.size(); ++c) sum += densities[c] * of_i[c] * of_j[c];
      slope.at(i, j) = slope.at(j, i) = sum;
    }
  }
  if (!slope.invert()) return multipliers;
  std::vector<double> next = multipliers;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    double& y = next[rows[i]];
    const double before = y;
    for (std::size_t j = 0; j < rows.size(); ++j) y += slope.at(i, j) * excess[j];
    // What would halve or double is not smooth enough for this.
    if (!(y > 0.5 * before && y < 2.0 * before)) return multipliers;
  }
  return next;
}

}  // namespace espalier::solver
