#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "espalier/solver/problem.hpp"

#include "model/core_problem.hpp"

namespace espalier::solver {

/// A problem in normal form with the way back to the original one.
struct PresolvedProblem {
  bool is_infeasible = false;
  CoreProblem core;
  /// Objective of the original problem = objective_offset + profit_divisor * objective of the core.
  std::int64_t objective_offset = 0;
  std::int64_t profit_divisor = 1;
  std::vector<std::int32_t> item_of;          ///< original item of each core item
  std::vector<std::uint8_t> is_complemented;  ///< per original item: the core item is 1 - x
  std::vector<std::int32_t> chosen;  ///< original items that are 1 in every solution restored
  int items_decided = 0;
  int rows_removed = 0;

  std::int64_t original_objective(std::int64_t core_objective) const noexcept {
    return objective_offset + profit_divisor * core_objective;
  }
  /// Original items of a core solution, ascending.
  std::vector<std::int32_t> restore(std::span<const std::int32_t> core_items) const;
  /// Core items of an original solution; the decided items are ignored.
  std::vector<std::int32_t> reduce(std::span<const std::int32_t> original_items) const;
};

/// Brings a problem into normal form and, when `reduce_further` is set, makes it smaller: redundant
/// rows and items without weight go, rows and profits are divided by their greatest common
/// divisors.
PresolvedProblem presolve(const Problem& problem, bool reduce_further);

}  // namespace espalier::solver
