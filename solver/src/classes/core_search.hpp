#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "espalier/solver/options.hpp"
#include "espalier/solver/result.hpp"

#include "classes/class_curve.hpp"
#include "classes/class_lp.hpp"
#include "classes/count_search.hpp"

namespace espalier::solver {

struct CoreSearchResult {
  /// Classes whose windows must be wider for the core to be complete; the rest is then empty.
  std::vector<std::size_t> too_small;
  std::vector<std::int64_t> counts;
  /// No solution is better than `counts` by more; 0 when optimal.
  std::int64_t possible_gain = 0;
  StopReason stop_reason = StopReason::kNone;
  /// Profit of `counts` beyond that of the best counts known before.
  std::int64_t gain = 0;
  /// Set when the core has more items than allowed; all but `items` is then empty.
  bool is_too_large = false;
  std::int64_t items = 0;
  std::int64_t nodes = 0;
};

/// Hands what the search over counts could not finish to the general search: the items whose
/// deviation costs no more than the best loss known, or all when no solution is known. All other
/// items have the same value in every better solution. Does nothing when they are more than
/// `max_items`.
CoreSearchResult search_core(const CountSearchInput& input, const CountSearchResult& found,
                             const SolveOptions& options, std::int64_t max_items);

}  // namespace espalier::solver
