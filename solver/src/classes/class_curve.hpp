#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace espalier::solver {

/// What is known of the profits of one class around the place where its best selection ends: a
/// falling list of values, each of which stands for `unit` items (1, or more for a sample).
///
/// Count k means that the k most profitable items are taken. Counts run from above + unit * first
/// (the floor) to above + unit * values.size().
struct ClassCurve {
  std::span<const std::int64_t> weights;  ///< of one item, one per row
  std::span<const std::int64_t> values;   ///< falling, all of them positive
  std::size_t first = 0;                  ///< so many of the values are taken in every selection
  double unit = 1.0;
  std::int64_t above = 0;      ///< items more profitable than the values
  bool goes_on_above = false;  ///< whether fewer than `above` items could be taken too
  bool goes_on_below = false;  ///< whether there are more items of positive profit

  /// Least profit, about, of the items that are worth their weights.
  double threshold(std::span<const double> multipliers) const noexcept {
    double sum = 0.0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      sum += multipliers[i] * static_cast<double>(weights[i]);
    }
    return sum;
  }
  /// Values that are taken when items of more than `threshold` are.
  std::size_t taken_above(double threshold) const noexcept {
    const auto end = std::partition_point(
        values.begin() + static_cast<std::ptrdiff_t>(first), values.end(),
        [&](std::int64_t value) { return static_cast<double>(value) > threshold; });
    return static_cast<std::size_t>(end - values.begin());
  }
  /// The same where the answer is expected near `guess`, in time logarithmic in the distance.
  std::size_t taken_above(double threshold, std::size_t guess) const noexcept {
    const auto is_taken = [&](std::size_t k) { return static_cast<double>(values[k]) > threshold; };
    std::size_t low = first;           // everything before is taken
    std::size_t high = values.size();  // nothing from here on is
    for (std::size_t step = 1, k = std::clamp(guess, low, high); k < high; step *= 2) {
      if (!is_taken(k)) {
        high = k;
        break;
      }
      low = k + 1;
      k = std::min(high, low + step);
    }
    for (std::size_t step = 1, k = high; k > low; step *= 2) {
      k = high - std::min(step, high - low);
      if (is_taken(k)) {
        low = k + 1;
        break;
      }
      high = k;
    }
    while (low < high) {
      const std::size_t middle = low + (high - low) / 2;
      if (is_taken(middle)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
  /// Values per unit of profit around `threshold`, above which `taken` of them lie.
  double density(std::size_t taken, double threshold) const noexcept {
    constexpr std::size_t kReach = 8;  // values on either side by which it is judged
    const std::size_t begin = taken > kReach ? taken - kReach : 0;
    const std::size_t end = std::min(values.size(), taken + kReach);
    if (end < begin + 2) return 0.0;
    const double highest = std::max(static_cast<double>(values[begin]), threshold);
    const double lowest = std::min(static_cast<double>(values[end - 1]), threshold);
    return static_cast<double>(end - begin - 1) / std::max(1.0, highest - lowest);
  }
  double count_at(std::size_t taken) const noexcept {
    return static_cast<double>(above) + unit * static_cast<double>(taken);
  }
};

}  // namespace espalier::solver
