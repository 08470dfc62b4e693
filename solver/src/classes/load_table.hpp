#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "classes/class_curve.hpp"

namespace espalier::solver {

/// Best counts by dynamic programming over the capacity left in every row: one table entry per
/// vector of capacities, class after class. Exact whatever the profits, and quick where budgets are
/// a few dozen units, as in subset-sum problems of several rows, of which no bound is tight.
///
/// Empty where the table would be too large or too slow to fill, where a curve does not hold all
/// items of its class, or where `is_stopped`, asked now and then, says so. Counts of the curves'
/// floors must fit.
std::vector<std::int64_t> best_counts_by_loads(std::span<const ClassCurve> curves,
                                               std::span<const std::int64_t> capacities,
                                               std::int64_t max_bytes,
                                               const std::function<bool()>& is_stopped);

}  // namespace espalier::solver
