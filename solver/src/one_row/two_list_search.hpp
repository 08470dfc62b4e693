#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "one_row/item.hpp"
#include "one_row/limit_watch.hpp"

namespace espalier::solver::one_row {

/// What one run of the dynamic program found about a set of items and a capacity.
struct SearchOutcome {
  /// A solution better than the target, as positions in the (reordered) items, and its profit.
  std::vector<std::int32_t> chosen;
  std::optional<std::int64_t> profit;
  /// No solution is better than the larger of this and the target or profit; absent when nothing
  /// was dropped, so that target or profit are the optimum.
  std::optional<std::int64_t> dropped_bound;
  /// Ended by the watch: `dropped_bound` then means nothing.
  bool stopped = false;
  /// States were dropped because memory ran out, not because of the width.
  bool out_of_memory = false;
  std::int64_t states = 0;
};

struct SearchEffort {
  /// Largest number of states of one list.
  std::size_t width;
  /// Memory for all states and their history.
  std::size_t memory_bytes;
};

/// Searches for the best solution of profit above `target`. Reorders `items`.
SearchOutcome search_two_lists(std::span<Item> items, std::int64_t capacity, std::int64_t target,
                               const SearchEffort& effort, LimitWatch& watch);

}  // namespace espalier::solver::one_row
