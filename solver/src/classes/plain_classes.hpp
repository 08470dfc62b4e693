#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "espalier/solver/options.hpp"
#include "espalier/solver/problem.hpp"
#include "espalier/solver/progress.hpp"
#include "espalier/solver/result.hpp"

namespace espalier::solver {

/// The items of a plain problem by weight vector.
struct ItemGrouping {
  std::vector<std::int32_t> class_of;        ///< per item
  std::vector<std::int32_t> representative;  ///< per class: its first item
};

/// Groups the items of equal columns, which are hashed and then compared. Gives up, quickly, when
/// there are more than `max_classes` of them or a weight is negative.
std::optional<ItemGrouping> group_items(const Problem& problem, std::size_t max_classes);

/// Solves a plain problem by its classes, if that pays; else nothing. The result is that of
/// solve().
std::optional<Result> solve_by_classes(const Problem& problem, const SolveOptions& options,
                                       Observer* observer);

}  // namespace espalier::solver
