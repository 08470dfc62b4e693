#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "one_row/reduction.hpp"

namespace espalier::solver::one_row {

/// A row on the number of items that every solution of interest satisfies, with the multiplier by
/// which it goes into the objective.
///
/// With a most `count` of items the multiplier is positive, with a least number it is negative;
/// either way  profit(x) <= sum_j (p_j - multiplier) x_j + multiplier * count.
struct CardinalityRow {
  std::int64_t count;
  std::int64_t multiplier;
  /// Bound on the profit of the undecided items.
  std::int64_t bound;
};

/// The row that cuts off the relaxation of the undecided items, if there is one, with the best
/// integer multiplier. Holds for solutions of profit above `target`. O(n log(largest profit)).
std::optional<CardinalityRow> find_cardinality_row(const Remainder& remainder, std::int64_t target);

/// The undecided items with the multiplier taken off their profits; those that are then worth
/// nothing are left out.
std::vector<Item> penalised_items(const Remainder& remainder, const CardinalityRow& row);

/// Positions (in the remainder's items) of a solution with exactly `row.count` items that fills the
/// capacity well, if one is found. Among items that are equally good under the multiplier it takes
/// neighbours in weight, `shift` places below the heaviest ones that fit.
std::optional<std::vector<std::int32_t>> fill_with_cardinality(const Remainder& remainder,
                                                               const CardinalityRow& row,
                                                               std::size_t shift);

}  // namespace espalier::solver::one_row
