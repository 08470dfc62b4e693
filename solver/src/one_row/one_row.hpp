#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <vector>

#include "espalier/solver/options.hpp"
#include "espalier/solver/result.hpp"

namespace espalier::solver {

/// What may end a one-row solve before its proof. Every limit is checked at least a thousand times
/// a second.
struct OneRowLimits {
  double time_limit_seconds = kNoTimeLimit;
  /// Limit on the states of the dynamic program. However large it is, half of the machine's
  /// physical memory is never exceeded.
  std::int64_t memory_limit_mib = kNoLimit;
  std::stop_token stop{};
};

/// Answer of the one-row engine.
///
/// `selected` is always feasible and has exactly `objective`; no solution is better than
/// max(bound, lower_bound_hint); `proven` says that bound <= max(objective, lower_bound_hint).
struct OneRowResult {
  bool proven = false;
  /// Why the proof is missing; kNone when `proven`.
  StopReason stop_reason = StopReason::kNone;
  std::int64_t objective = 0;
  std::int64_t bound = 0;
  /// Chosen items, 0-based, ascending.
  std::vector<std::int32_t> selected;
  /// States of the dynamic program that were kept, over all rounds.
  std::int64_t states = 0;
};

/// Called with objective and items (any order) of every improvement that ends a round.
using OneRowImprovement =
    std::function<void(std::int64_t objective, std::span<const std::int32_t> selected)>;

/// Exact 0-1 knapsack: maximise p.x subject to w.x <= c, x binary.
///
/// Requires n >= 1, p > 0, 0 < w <= c and sums of p and of w below 2^62; throws InternalError
/// otherwise. `lower_bound_hint` is the objective of a feasible solution that the caller has, or
/// -1: solutions that do not exceed it need not be found. Runs in the calling thread; any number of
/// calls may run at once. O(n) and a few dozen items of dynamic programming for most instances.
OneRowResult solve_one_row(std::span<const std::int64_t> profits,
                           std::span<const std::int64_t> weights, std::int64_t capacity,
                           const OneRowLimits& limits = {}, std::int64_t lower_bound_hint = -1,
                           const OneRowImprovement& on_improvement = {});

}  // namespace espalier::solver
