#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "classes/class_curve.hpp"

namespace espalier::solver {

/// The items that a step along an edge of the dual function passes, class by class, and where the
/// function stops falling.
///
/// Along the edge the threshold of a class moves at a constant rate; whenever it passes an item the
/// slope of the function rises by |rate| * unit. The step ends where the slope is no longer
/// negative. Finding that place is a selection over several sorted lists: it is bracketed by steps
/// that grow, then halved on the longest list.
class EdgeSearch {
 public:
  struct Stop {
    double distance = 0.0;
    std::int64_t value = 0;  ///< of the item there
    int class_index = 0;
  };

  void clear() noexcept { lines_.clear(); }

  /// The threshold of the class starts at `threshold`, with `taken` values above it, and moves by
  /// `rate` != 0 per unit of distance.
  void add(const ClassCurve& curve, int class_index, double threshold, std::size_t taken,
           double rate);

  /// The first item at which `slope`, negative at distance 0, becomes >= 0; nothing when all items
  /// together do not suffice.
  std::optional<Stop> find(double slope);

 private:
  struct Line {
    const std::int64_t* first;  ///< the item that is passed first
    std::ptrdiff_t stride;      ///< to the next one: -1 or 1
    int class_index;
    double threshold;
    double pace;                                ///< distance per unit of the threshold: 1 / rate
    std::size_t length;                         ///< items that can be passed
    double weight;                              ///< what each adds to the slope
    std::size_t low = 0, high = 0, middle = 0;  // bracket of the number passed

    std::int64_t value(std::size_t k) const noexcept {
      return first[stride * static_cast<std::ptrdiff_t>(k)];
    }
    double distance(std::size_t k) const noexcept {
      const double distance = (static_cast<double>(value(k)) - threshold) * pace;
      return distance > 0.0 ? distance : 0.0;
    }
  };

  /// Sets every `middle` to the items within the distance (before it, when `strictly`), looked for
  /// in the bracket; returns the slope there.
  double slope_at(double slope, double distance, bool strictly);
  bool bracket(double slope);
  /// Drops the lines whose bracket is a single number; returns the slope with what they add.
  double close_lines(double slope);

  std::vector<Line> lines_;
};

}  // namespace espalier::solver
