#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace espalier::solver {

/// A valid inequality sum_j coefficients[j] x_j <= right_side in non-negative integers.
struct Cut {
  std::vector<std::int64_t> coefficients;
  std::int64_t right_side = 0;
};

/// Looks for a lifted cover inequality of the row sum_j weights[j] x_j <= capacity that the point
/// violates.
///
/// A cover is a set C of items that do not fit together, so at most |C| - 1 of them are chosen:
/// sum_C x_j <= |C| - 1 (Balas 1975; Wolsey 1975). Two are tried, and the more effective cut wins:
///
/// - a cover of all items, found greedily by (1 - point_j) / weight_j and made minimal;
/// - a cover in what the items with point_j = 1 leave of the capacity, the one of the fractional
///   items with the smallest sum of 1 - point_j where there are few enough to try all their
///   subsets, else a greedy one. Those items are freed again by lifting down (Gu, Nemhauser and
///   Savelsbergh 1998), which costs the cut nothing at the point.
///
/// All other items are lifted one after the other. Item k fixed at 0 so far gets the coefficient
///
///     right side - max { left side : weight of the chosen items <= room - weights[k] },
///
/// one fixed at 1 raises both its coefficient and the right side by
///
///     max { left side : weight of the chosen items <= room + weights[k] } - right side.
///
/// A table of the least weight per value of the left side gives the maxima exactly (Zemel 1989).
/// O(n log n + n r) for a right side of r. Requires weights >= 0 and point in [0, 1].
std::optional<Cut> separate_lifted_cover(std::span<const std::int64_t> weights,
                                         std::int64_t capacity, std::span<const double> point);

/// How far the point violates the cut, over the Euclidean length of its coefficients.
double efficacy(const Cut& cut, std::span<const double> point);

}  // namespace espalier::solver
