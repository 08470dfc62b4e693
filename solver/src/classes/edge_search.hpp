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
/// negative. Most steps pass few items: the lists are merged, nearest item first. A longer step is
/// a selection over several sorted lists: it is bracketed by steps that grow, narrowed down by
/// interpolation of the slope, and halved on the longest list in the end.
class EdgeSearch {
 public:
  struct Stop {
    double distance = 0.0;
    std::int64_t value = 0;  ///< of the item there
    int class_index = 0;
  };

  void clear() noexcept {
    lines_.clear();
    active_ = 0;
    passed_ = 0.0;
  }

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
    double nearest = 0.0;                       ///< distance(low), infinite behind the last item

    std::int64_t value(std::size_t k) const noexcept {
      return first[stride * static_cast<std::ptrdiff_t>(k)];
    }
    /// First item from k on of another value than item k.
    std::size_t end_of_run(std::size_t k) const noexcept {
      const std::int64_t run = value(k);
      std::size_t inside = k;
      std::size_t step = 1;
      while (inside + step < length && value(inside + step) == run) {
        inside += step;
        step *= 2;
      }
      for (; step > 0; step /= 2) {
        if (inside + step < length && value(inside + step) == run) inside += step;
      }
      return inside + 1;
    }
    double distance(std::size_t k) const noexcept {
      const double distance = (static_cast<double>(value(k)) - threshold) * pace;
      return distance > 0.0 ? distance : 0.0;
    }
    void pass(std::size_t k) noexcept {
      low = k;
      nearest = k < length ? distance(k) : std::numeric_limits<double>::infinity();
    }
    /// Items within the distance (before it, when `strictly`) that the bracket allows for.
    std::size_t within(double limit, bool strictly) const noexcept {
      if (strictly ? nearest >= limit : nearest > limit) return low;
      std::size_t begin = low;
      std::size_t end = high;
      while (begin < end) {
        const std::size_t k = begin + (end - begin) / 2;
        const double there = distance(k);
        if (strictly ? there < limit : there <= limit) {
          begin = k + 1;
        } else {
          end = k;
        }
      }
      return begin;
    }
  };

  /// The next items of a line, all of one value.
  struct Next {
    double distance;
    std::size_t line;
  };

  /// Passes as many items as are worth merging and advances every `low` past them; the stop if it
  /// is among them.
  std::optional<Stop> merge(double slope);
  /// Sets every `middle` of an active line to the items within the distance (before it, when
  /// `strictly`); returns the slope there.
  double slope_at(double slope, double distance, bool strictly);
  void raise_lows();
  void lower_highs();
  /// Two distances between which the slope changes its sign, and the slopes there. The items of
  /// each line that lie between them are `low` to `high`.
  struct Bracket {
    double low = 0.0, low_slope = 0.0;
    double high = 0.0, high_slope = 0.0;
  };

  std::optional<Bracket> bracket(double slope);
  /// Narrows the bracket down to a few items.
  void interpolate(double slope, Bracket bracket);
  std::size_t open_items() const;
  /// Leaves those lines alone from now on whose bracket is a single number.
  void park_lines();

  std::vector<Line> lines_;  ///< the active ones in front
  std::size_t active_ = 0;
  double passed_ = 0.0;     ///< what the items passed on the other lines add to the slope
  std::vector<Next> heap_;  ///< the nearest on top
};

}  // namespace espalier::solver
