#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "espalier/solver/problem.hpp"
#include "espalier/support/exact.hpp"

#include "model/core_problem.hpp"

namespace espalier::solver {

/// The problem as a proof speaks of it: over literals, one per item, such that all weights are >=
/// 0.
///
/// The literal of item j is x_j, or its negation where the weights of j are negative. Then every
/// row i reads  sum_j weight_ij l_j <= capacity_i  and an objective of z or more  sum_j profit_j
/// l_j >= target(z). Rows and objective are divided by the greatest common divisor of their
/// coefficients where rounding then gains something; the proof derives the divided ones. The search
/// works on `core`, which leaves out what never needs a decision.
struct StandardForm {
  explicit StandardForm(const Problem& problem);

  /// An item that is heavier than a whole row, which keeps it out.
  struct ForcedOut {
    std::int32_t item = 0;
    int row = 0;
  };

  /// Right side of the objective row that asks for more than `optimum`.
  Int128 target_above(std::int64_t optimum) const;
  /// The same for the objective of the core.
  Int128 core_target_above(std::int64_t optimum) const {
    return target_above(optimum) - always_in_profit;
  }

  int num_items = 0;
  int num_rows = 0;
  std::vector<std::uint8_t> is_negated;    ///< per item: its literal is the negation of x
  std::int64_t profit_divisor = 1;         ///< of the objective row
  std::vector<std::int64_t> row_divisors;  ///< 1 where a row stays as it is
  std::optional<int> infeasible_row;       ///< a row that nothing satisfies

  CoreProblem core;
  std::vector<std::int32_t> item_of;  ///< item of each core item
  std::vector<int> row_of;            ///< row of each core row
  std::vector<ForcedOut> forced_out;
  /// Sum of the profits of the items that weigh nothing and are worth something.
  std::int64_t always_in_profit = 0;

  /// Core items that differ in nothing but their profit, by falling profit: some best solution
  /// takes the first of each chain. Chains have two items or more.
  std::vector<std::vector<std::int32_t>> chains;

 private:
  void orient(const Problem& problem);
  void divide_rows();
  void build_core();
  void find_chains(const Problem& problem);

  std::vector<std::int64_t> profits_;  // of the literals
  std::vector<std::int64_t> weights_;  // row by row
  std::vector<std::int64_t> capacities_;
  std::int64_t profit_offset_ = 0;  // p.x = profits.l + offset, before the division
};

}  // namespace espalier::solver
