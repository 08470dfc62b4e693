#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "espalier/solver/options.hpp"
#include "espalier/support/exact.hpp"

#include "lp/lp_model.hpp"
#include "search/common_pseudocosts.hpp"
#include "search/incumbent.hpp"
#include "search/limits.hpp"
#include "search/subtree.hpp"

namespace espalier::solver {

/// A subproblem that the search starts from: the free items, those taken, and how many in all.
struct RootSubproblem {
  std::vector<std::int32_t> items;
  std::vector<std::int32_t> taken;
  std::int64_t cardinality = 0;
  double bound = 0.0;
};

/// Reports the progress of a search: the bound of all that is left, and how many pieces wait.
using Heartbeat = std::function<void(std::int64_t bound, std::int64_t open)>;

/// By how much the bound may exceed the best objective when the search ends, in core units.
struct GapRule {
  std::int64_t absolute = 0;
  double relative = 0.0;
  /// Original objective = offset + divisor * core objective.
  double offset = 0.0;
  double divisor = 1.0;

  std::int64_t allowed(std::int64_t best) const noexcept {
    if (relative == 0.0) return absolute;
    const double original = offset + divisor * static_cast<double>(best);
    // What was cut off for one incumbent must be cut off for every better one: best + allowed(best)
    // may not fall, as it would for a negative objective on its way up and a factor above 1.
    const double size = original < 0.0 ? std::min(relative, 1.0) * -original : relative * original;
    const double units = size / divisor;
    const auto whole = static_cast<std::int64_t>(units < kMostUnits ? units : kMostUnits);
    return absolute > whole ? absolute : whole;
  }

  /// The least objective that has to be excluded to call `best` good enough; the largest number
  /// there is where that needs more than 64 bits.
  std::int64_t least_wanted(std::int64_t best) const noexcept {
    return checked_add(best, 1 + allowed(best)).value_or(kInt64Max);
  }

  /// Gaps beyond this are as good as infinite.
  static constexpr double kMostUnits = 0x1p60;
};

/// What the workers of one tree search share. Fields are read-only unless they are atomic.
struct SearchContext {
  const CoreProblem& core;
  const LpModel& model;
  const SolveOptions& options;
  const GapRule& gap;
  Incumbent& incumbent;
  Limits& limits;
  /// Hands a subtree to the thread pool; empty where workers keep their trees to themselves.
  std::function<void(std::unique_ptr<Subtree>)> spawn;
  /// Called by a worker now and then, for progress reports; may be empty.
  std::function<void()> heartbeat;
  /// Where workers exchange pseudo-costs in passing; null where they do not.
  CommonPseudoCosts* common_costs = nullptr;
  /// Subtrees handed over but not begun; workers give some of their own away while it is small.
  std::atomic<int> waiting{0};
  int wanted_waiting = 0;
  /// Largest integer bound of all nodes that a stopped search left open, -1 when there are none.
  std::atomic<std::int64_t> open_bound{-1};

  /// Solutions below this are not looked for, even when they are better than the incumbent.
  std::atomic<std::int64_t> target{0};

  /// The objective from which on a solution is worth looking for.
  std::int64_t threshold() const noexcept {
    const std::int64_t better = gap.least_wanted(incumbent.value());
    const std::int64_t wanted = target.load(std::memory_order_relaxed);
    return better > wanted ? better : wanted;
  }

  void leave_open(std::int64_t bound) noexcept {
    std::int64_t known = open_bound.load(std::memory_order_relaxed);
    while (known < bound &&
           !open_bound.compare_exchange_weak(known, bound, std::memory_order_relaxed)) {
    }
  }
};

}  // namespace espalier::solver
