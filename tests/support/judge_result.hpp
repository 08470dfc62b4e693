#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "espalier/solver/problem.hpp"
#include "espalier/solver/result.hpp"
#include "espalier/support/exact.hpp"

namespace espalier::tests {

/// What is wrong with the selection and the objective of a result, in one line; empty when nothing.
/// Recomputed in 128 bits, with nothing of the solver's.
inline std::string judge_selection(const solver::Problem& problem, const solver::Result& result) {
  const auto& selected = result.selected;
  for (std::size_t k = 0; k < selected.size(); ++k) {
    if (selected[k] < 0 || selected[k] >= problem.num_items())
      return "selects an item that is none";
    if (k > 0 && selected[k] <= selected[k - 1]) return "selected items are not ascending";
  }
  Int128 profit = 0;
  for (const auto j : selected) profit += problem.profits()[static_cast<std::size_t>(j)];
  if (profit != result.objective) return "the objective is not that of the selection";
  for (int i = 0; i < problem.num_rows(); ++i) {
    Int128 activity = 0;
    for (const auto j : selected) activity += problem.weight(i, j);
    if (activity > problem.capacities()[static_cast<std::size_t>(i)]) return "a row is violated";
  }
  if (result.bound < result.objective) return "the bound is below the objective";
  return {};
}

/// What is wrong with the result of a solve without limits and gaps, given the true optimum
/// (nothing: infeasible).
inline std::string judge_optimal(const solver::Problem& problem, const solver::Result& result,
                                 std::optional<std::int64_t> optimum) {
  if (result.stop_reason != solver::StopReason::kNone) return "stopped without a limit";
  if (!optimum.has_value()) {
    if (result.status != solver::Status::kInfeasible) return "claims a solution, there is none";
    if (!result.selected.empty() || result.objective != 0 || result.bound != 0) {
      return "an infeasible result is not empty";
    }
    return {};
  }
  if (result.status != solver::Status::kOptimal) return "the status is not optimal";
  if (const std::string wrong = judge_selection(problem, result); !wrong.empty()) return wrong;
  const std::int64_t best = optimum.value_or(0);
  if (result.objective != best) {
    return "claims the optimum " + std::to_string(result.objective) + ", it is " +
           std::to_string(best);
  }
  if (result.bound != result.objective) return "optimal with a bound above the objective";
  return {};
}

}  // namespace espalier::tests
