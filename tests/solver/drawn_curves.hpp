#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "classes/class_curve.hpp"

namespace espalier::tests {

/// Curves of whole classes with all that they point to.
struct DrawnCurves {
  std::vector<std::vector<std::int64_t>> weights, values;
  std::vector<solver::ClassCurve> curves;
  std::vector<std::int64_t> capacities;

  std::int64_t profit_of(const std::vector<std::int64_t>& counts) const {
    std::int64_t profit = 0;
    for (std::size_t c = 0; c < counts.size(); ++c) {
      for (std::int64_t k = 0; k < counts[c]; ++k) profit += values[c][static_cast<std::size_t>(k)];
    }
    return profit;
  }

  bool fits(const std::vector<std::int64_t>& counts) const {
    for (std::size_t i = 0; i < capacities.size(); ++i) {
      std::int64_t load = 0;
      for (std::size_t c = 0; c < counts.size(); ++c) load += counts[c] * weights[c][i];
      if (load > capacities[i]) return false;
    }
    return true;
  }

  /// The best profit of all counts that fit, by trying every one; -1 where none does.
  std::int64_t best_profit() const {
    std::vector<std::int64_t> counts(curves.size(), 0);
    return best_profit_from(counts, 0);
  }

 private:
  std::int64_t best_profit_from(std::vector<std::int64_t>& counts, std::size_t c) const {
    if (c == curves.size()) return fits(counts) ? profit_of(counts) : -1;
    std::int64_t best = -1;
    for (std::size_t k = curves[c].first; k <= values[c].size(); ++k) {
      counts[c] = static_cast<std::int64_t>(k);
      best = std::max(best, best_profit_from(counts, c + 1));
    }
    return best;
  }
};

}  // namespace espalier::tests
