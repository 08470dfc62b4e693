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
/// sum_C x_j <= |C| - 1 (Balas 1975; Wolsey 1975). C is found greedily by (1 - point_j) / weight_j
/// and made minimal; every other item k then gets the largest coefficient that keeps the inequality
/// valid given those before it,
///
///     |C| - 1 - max { lifted left side : weight of the chosen items <= capacity - weights[k] },
///
/// which a table of the least weight per value of the left side gives exactly (Zemel 1989).
/// O(n log n + n |C|). Requires weights >= 0 and point in [0, 1].
std::optional<Cut> separate_lifted_cover(std::span<const std::int64_t> weights,
                                         std::int64_t capacity, std::span<const double> point);

/// How far the point violates the cut, over the Euclidean length of its coefficients.
double efficacy(const Cut& cut, std::span<const double> point);

}  // namespace espalier::solver
