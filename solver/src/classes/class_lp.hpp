#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "classes/class_curve.hpp"

namespace espalier::solver {

// The linear relaxation over classes, by its dual: find y >= 0 that minimises
//     U(y) = y.b + sum over classes and items of max(0, p - y.w),
// a convex, piecewise linear function of one variable per row. At given y, class c takes the items
// of more than y.w_c. The method is the dual simplex with long steps (Maros 2003, "A generalized
// dual phase-2 simplex algorithm") in which the columns of a class are never looked at one by one:
// a step goes along an edge of U past as many items as it pays, and where it ends is found by
// bisection on the sorted values of all classes together.

/// A vertex of the dual: y and what it rests on.
struct LpPoint {
  /// y.w_c = value for a class, y_i = 0 for the slack of a row.
  struct Support {
    int class_index = -1;  ///< -1: slack of `row`
    int row = 0;
    double value = 0.0;
  };

  std::vector<double> multipliers;
  std::vector<Support> supports;  ///< one per row
  /// Values of each curve above its threshold, or a guess: where to look first. May be empty.
  std::vector<std::size_t> taken;
  std::int64_t pivots = 0;  ///< of all calls so far
  /// False when the values known of some class did not suffice, or pivots were too many. The
  /// multipliers are of use even so: any y >= 0 gives a valid bound.
  bool is_optimal = false;
};

/// The point y = 0, at which everything is taken.
LpPoint origin(std::size_t num_rows);

/// The vertex with the supports of `point` that lies next to the given multipliers; the origin
/// where a support's class has no values.
LpPoint moved(LpPoint point, std::span<const ClassCurve> curves,
              std::span<const double> multipliers);

/// Moves on from `start` to the minimum. Where the values of a class end and the curve says that
/// there are more, the class is treated as if there were none.
LpPoint minimise_dual(std::span<const ClassCurve> curves, std::span<const std::int64_t> capacities,
                      LpPoint start);

}  // namespace espalier::solver
