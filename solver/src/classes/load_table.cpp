#include "classes/load_table.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace espalier::solver {
namespace {

/// Entries looked at in all, about ten seconds.
constexpr double kMostWork = 0x1p32;
constexpr std::size_t kMostItems = std::numeric_limits<std::uint8_t>::max();

class LoadTable {
 public:
  LoadTable(std::span<const ClassCurve> curves, std::span<const std::int64_t> capacities)
      : curves_(curves), room_(capacities.begin(), capacities.end()) {}

  /// Whether the table is small enough; prepares it.
  bool prepare(double max_bytes) {
    for (const ClassCurve& curve : curves_) {
      if (curve.goes_on_above || curve.goes_on_below || curve.above != 0) return false;
      if (curve.values.size() - curve.first > kMostItems) return false;
      for (std::size_t i = 0; i < room_.size(); ++i) {
        room_[i] -= static_cast<std::int64_t>(curve.first) * curve.weights[i];
      }
    }
    double size = 1.0;
    for (const std::int64_t room : room_) {
      if (room < 0) return false;
      stride_.push_back(static_cast<std::size_t>(size));
      size *= static_cast<double>(room) + 1.0;
      if (size * static_cast<double>(sizeof(std::int64_t) + curves_.size()) > max_bytes)
        return false;
    }
    double work = 0.0;
    for (const ClassCurve& curve : curves_) work += size * (1.0 + static_cast<double>(most(curve)));
    if (work > kMostWork) return false;
    best_.assign(static_cast<std::size_t>(size), 0);
    return true;
  }

  /// False when stopped.
  bool fill(const std::function<bool()>& is_stopped) {
    for (const ClassCurve& curve : curves_) {
      taken_.emplace_back(best_.size(), 0);
      if (!add(curve, taken_.back(), is_stopped)) return false;
    }
    return true;
  }

  std::vector<std::int64_t> counts() const {
    std::vector<std::int64_t> counts(curves_.size());
    std::size_t place = best_.size() - 1;
    for (std::size_t c = curves_.size(); c-- > 0;) {
      const std::uint8_t more = taken_[c][place];
      counts[c] = static_cast<std::int64_t>(curves_[c].first) + more;
      place -= more * step(curves_[c]);
    }
    return counts;
  }

 private:
  /// Items of a class beyond its floor that fit when nothing else is taken.
  std::int64_t most(const ClassCurve& curve) const {
    auto most = static_cast<std::int64_t>(curve.values.size() - curve.first);
    for (std::size_t i = 0; i < room_.size(); ++i) {
      if (curve.weights[i] > 0) most = std::min(most, room_[i] / curve.weights[i]);
    }
    return most;
  }

  /// Distance of the entries for a load and for one item less.
  std::size_t step(const ClassCurve& curve) const {
    std::size_t step = 0;
    for (std::size_t i = 0; i < room_.size(); ++i) {
      step += static_cast<std::size_t>(curve.weights[i]) * stride_[i];
    }
    return step;
  }

  /// From full capacities downwards, so that the entries of less room still lack the class.
  bool add(const ClassCurve& curve, std::vector<std::uint8_t>& taken,
           const std::function<bool()>& is_stopped) {
    constexpr std::size_t kStopInterval = std::size_t{1} << 20;
    const std::int64_t most_items = most(curve);
    if (most_items == 0) return true;
    const std::size_t step_back = step(curve);
    std::vector<std::int64_t> left = room_;
    for (std::size_t place = best_.size(); place-- > 0; decrease(left)) {
      if (place % kStopInterval == 0 && is_stopped && is_stopped()) return false;
      std::int64_t fit = most_items;
      for (std::size_t i = 0; i < left.size(); ++i) {
        if (curve.weights[i] > 0) fit = std::min(fit, left[i] / curve.weights[i]);
      }
      std::int64_t profit = 0;
      std::int64_t best = best_[place];
      for (std::int64_t k = 1; k <= fit; ++k) {
        profit += curve.values[curve.first + static_cast<std::size_t>(k) - 1];
        const std::int64_t now = best_[place - static_cast<std::size_t>(k) * step_back] + profit;
        if (now <= best) continue;
        best = now;
        taken[place] = static_cast<std::uint8_t>(k);
      }
      best_[place] = best;
    }
    return true;
  }

  /// The room of the entry before.
  void decrease(std::vector<std::int64_t>& left) const {
    for (std::size_t i = 0; i < left.size() && --left[i] < 0; ++i) left[i] = room_[i];
  }

  std::span<const ClassCurve> curves_;
  std::vector<std::int64_t> room_;  ///< capacities beside the floors
  std::vector<std::size_t> stride_;
  std::vector<std::int64_t> best_;  ///< by load: greatest profit of the classes so far
  std::vector<std::vector<std::uint8_t>> taken_;  ///< by class and load: items beyond the floor
};

}  // namespace

std::vector<std::int64_t> best_counts_by_loads(std::span<const ClassCurve> curves,
                                               std::span<const std::int64_t> capacities,
                                               std::int64_t max_bytes,
                                               const std::function<bool()>& is_stopped) {
  LoadTable table(curves, capacities);
  if (!table.prepare(static_cast<double>(max_bytes)) || !table.fill(is_stopped)) return {};
  return table.counts();
}

}  // namespace espalier::solver
