#include "one_row/one_row.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

#include "espalier/support/check.hpp"
#include "espalier/support/exact.hpp"
#include "espalier/support/physical_memory.hpp"

#include "one_row/break_item.hpp"
#include "one_row/cardinality.hpp"
#include "one_row/exchange.hpp"
#include "one_row/limit_watch.hpp"
#include "one_row/reduction.hpp"
#include "one_row/two_list_search.hpp"

// The flow: common divisors out; the break item; greedy solutions; a dynamic program over the few
// items around the break for a good solution (the core, Balas and Zemel 1980); every item that the
// bound can decide against that solution is decided; then the dynamic program over all that is
// left, in rounds of growing width. A round that dropped nothing, or nothing better than the best
// solution, is a proof; one that did still gives solutions, which decide more items, and a bound.

namespace espalier::solver {
namespace one_row {
namespace {

/// Items on either side of the break that the cores take in, and the width of their search.
constexpr std::size_t kCoreSizes[] = {32, 256};
constexpr std::size_t kCoreWidth = 1024;
/// Widths of the rounds over all items: each costs at most as much as all before it and this
/// factor; a small factor wastes rounds, a large one overshoots the width that is needed.
constexpr std::size_t kFirstWidth = 1024;
constexpr std::size_t kWidthFactor = 8;
/// Attempts to meet that bound by exchanges, and the items that they may visit, roughly.
constexpr std::size_t kMostShifts = 256;
constexpr std::size_t kExchangeWork = 4'000'000;
/// Largest width of a search with a row on the number of items: it either closes the gap quickly
/// or not at all.
constexpr std::size_t kCardinalityWidth = std::size_t{1} << 16;

constexpr std::int64_t kSumLimit = std::int64_t{1} << 62;

std::size_t memory_budget(std::int64_t limit_mib) {
  return static_cast<std::size_t>(within_physical_memory(limit_mib, 2)) << 20;
}

/// Largest number that divides all values.
std::int64_t common_divisor(std::span<const std::int64_t> values) {
  std::int64_t divisor = 0;
  for (const std::int64_t value : values) {
    divisor = std::gcd(divisor, value);
    if (divisor == 1) break;
  }
  return divisor;
}

class Solve {
 public:
  Solve(std::span<const std::int64_t> profits, std::span<const std::int64_t> weights,
        std::int64_t capacity, const OneRowLimits& limits, std::int64_t hint,
        const OneRowImprovement& on_improvement)
      : profits_(profits),
        weights_(weights),
        capacity_(capacity),
        hint_(hint),
        on_improvement_(on_improvement),
        watch_(limits),
        memory_bytes_(memory_budget(limits.memory_limit_mib)) {}

  OneRowResult run() {
    check_input();
    build_remainder();
    start_solution();
    if (!closed()) search_cores();
    if (!closed()) search_with_cardinality();
    if (!closed()) search_all();
    return finish();
  }

 private:
  /// Profit that the undecided items must exceed to be of interest.
  std::int64_t target() const noexcept {
    return std::max(objective_, hint_ < 0 ? -1 : hint_ / profit_unit_) - rest_.fixed_profit;
  }

  bool closed() const noexcept { return bound_ - rest_.fixed_profit <= target(); }

  void check_input() const {
    Int128 total_profit = 0;
    Int128 total_weight = 0;
    ESPALIER_CHECK(!profits_.empty() && profits_.size() == weights_.size());
    ESPALIER_CHECK(profits_.size() <= std::size_t{std::numeric_limits<std::int32_t>::max()});
    for (std::size_t j = 0; j < profits_.size(); ++j) {
      ESPALIER_CHECK(profits_[j] > 0 && weights_[j] > 0 && weights_[j] <= capacity_);
      total_profit += profits_[j];
      total_weight += weights_[j];
    }
    ESPALIER_CHECK(total_profit < kSumLimit && total_weight < kSumLimit);
  }

  /// All numbers in units of their common divisors: a residual below the unit of the weights is
  /// lost, and bounds are rounded down to the unit of the profits.
  void build_remainder() {
    profit_unit_ = common_divisor(profits_);
    weight_unit_ = common_divisor(weights_);
    rest_.capacity = capacity_ / weight_unit_;
    rest_.items.resize(profits_.size());
    for (std::size_t j = 0; j < profits_.size(); ++j) {
      rest_.items[j] = {profits_[j] / profit_unit_, weights_[j] / weight_unit_,
                        static_cast<std::int32_t>(j)};
    }
    rest_.break_index = find_break(rest_.items, rest_.capacity);
    bound_ = relaxation_bound(rest_);
  }

  /// The items before the break, then in turn every other one that still fits; or, in exchange for
  /// one item before the break, the break item.
  void start_solution() {
    std::vector<std::int32_t> selected;
    std::int64_t profit = 0;
    std::int64_t residual = rest_.capacity;
    const auto& items = rest_.items;
    const auto take = [&](const Item& item) {
      selected.push_back(item.index);
      profit += item.profit;
      residual -= item.weight;
    };
    for (std::size_t j = 0; j < rest_.break_index; ++j) take(items[j]);
    if (!rest_.all_fit()) {
      const Item& entering = items[rest_.break_index];
      std::size_t leaving = rest_.break_index;
      for (std::size_t j = 0; j < rest_.break_index; ++j) {
        if (items[j].weight + residual < entering.weight) continue;
        if (leaving == rest_.break_index || items[j].profit < items[leaving].profit) leaving = j;
      }
      const bool exchange = leaving < rest_.break_index && items[leaving].profit < entering.profit;
      if (exchange) {
        take(entering);
        profit -= items[leaving].profit;
        residual += items[leaving].weight;
        selected.erase(selected.begin() + static_cast<std::ptrdiff_t>(leaving));
      }
      for (std::size_t j = rest_.break_index + 1; j < items.size(); ++j) {
        if (items[j].weight <= residual) take(items[j]);
      }
    }
    improve(profit, std::move(selected));
  }

  void improve(std::int64_t objective, std::vector<std::int32_t> selected) {
    if (objective <= objective_) return;
    objective_ = objective;
    selected_ = std::move(selected);
    if (on_improvement_) on_improvement_(objective_ * profit_unit_, selected_);
  }

  /// Searches the items around the break with all others as the relaxation has them.
  void search_cores() {
    for (const std::size_t size : kCoreSizes) {
      fix_by_bound(rest_, target());
      tighten(relaxation_bound(rest_) + rest_.fixed_profit);
      if (closed() || rest_.all_fit() || rest_.items.size() <= 4 * size) return;
      if (watch_.expired()) return;
      search_core(size);
      if (closed()) return;
    }
  }

  void search_core(std::size_t size) {
    const std::span<Item> items(rest_.items);
    const std::size_t left = std::min(size, rest_.break_index);
    const std::size_t right = std::min(size, items.size() - rest_.break_index);
    const std::size_t begin = rest_.break_index - left;
    // The break item stays where it is: nothing after it is more efficient.
    gather_least_efficient(items.first(rest_.break_index), left);
    gather_most_efficient(items.subspan(rest_.break_index + 1), right - 1);
    std::int64_t profit = 0;
    std::int64_t capacity = rest_.capacity;
    for (const Item& item : items.first(begin)) {
      profit += item.profit;
      capacity -= item.weight;
    }
    std::vector<Item> core(items.begin() + static_cast<std::ptrdiff_t>(begin),
                           items.begin() + static_cast<std::ptrdiff_t>(begin + left + right));
    const SearchOutcome outcome =
        search_two_lists(core, capacity, target() - profit, {kCoreWidth, memory_bytes_}, watch_);
    adopt(outcome, core, items.first(begin), profit);
  }

  /// Where a row on the number of items cuts the relaxation off: its bound, a solution made to
  /// measure, and a search with the row's multiplier in the objective.
  void search_with_cardinality() {
    fix_by_bound(rest_, target());
    tighten(relaxation_bound(rest_) + rest_.fixed_profit);
    if (closed() || watch_.expired()) return;
    const std::optional<CardinalityRow> row = find_cardinality_row(rest_, target());
    if (!row) return;
    tighten(row->bound + rest_.fixed_profit);
    // From a solution that all but fills the capacity no exchange makes a small step; from a
    // lighter one the exchanges have more to choose from.
    const std::size_t attempts =
        std::clamp<std::size_t>(kExchangeWork / rest_.items.size(), 8, kMostShifts);
    for (std::size_t shift = 0; shift < attempts && !closed() && !watch_.expired(); ++shift) {
      improve_with_cardinality(*row, shift);
    }
    for (std::size_t width = kFirstWidth; width <= kCardinalityWidth; width *= kWidthFactor) {
      if (closed() || !search_penalised(*row, width)) return;
    }
  }

  void improve_with_cardinality(const CardinalityRow& row, std::size_t shift) {
    std::optional<std::vector<std::int32_t>> chosen = fill_with_cardinality(rest_, row, shift);
    if (!chosen) return;
    std::int64_t profit = 0;
    std::int64_t residual = rest_.capacity;
    for (const std::int32_t position : *chosen) {
      profit += rest_.items[static_cast<std::size_t>(position)].profit;
      residual -= rest_.items[static_cast<std::size_t>(position)].weight;
    }
    profit += improve_by_exchanges(rest_.items, residual, *chosen);
    SearchOutcome outcome;
    outcome.chosen = std::move(*chosen);
    outcome.profit = profit;
    adopt(outcome, rest_.items, {}, 0);
  }

  /// Whether a wider search could still do better.
  bool search_penalised(const CardinalityRow& row, std::size_t width) {
    std::vector<Item> items = penalised_items(rest_, row);
    const std::int64_t shift = row.multiplier * row.count;
    SearchOutcome outcome =
        search_two_lists(items, rest_.capacity, target() - shift, {width, memory_bytes_}, watch_);
    const std::int64_t before = target();
    const bool dropped = outcome.dropped_bound.has_value();
    std::int64_t bound = std::max(before - shift, outcome.dropped_bound.value_or(before - shift));
    if (outcome.profit) {
      bound = std::max(bound, *outcome.profit);
      *outcome.profit += row.multiplier * static_cast<std::int64_t>(outcome.chosen.size());
    }
    adopt(outcome, items, {}, 0);
    if (outcome.stopped) return false;
    tighten(bound + shift + rest_.fixed_profit);
    return dropped && !outcome.out_of_memory;
  }

  void search_all() {
    for (std::size_t width = kFirstWidth;; width *= kWidthFactor) {
      if (!reduce()) return;
      const SearchOutcome outcome =
          search_two_lists(rest_.items, rest_.capacity, target(), {width, memory_bytes_}, watch_);
      adopt(outcome, rest_.items, {}, 0);
      rest_.break_index = find_break(rest_.items, rest_.capacity);
      if (outcome.stopped) return;
      tighten(std::max(target(), outcome.dropped_bound.value_or(target())) + rest_.fixed_profit);
      if (closed()) return;
      if (outcome.out_of_memory) {
        memory_ran_out_ = true;
        return;
      }
    }
  }

  /// Decides what the bounds can decide; false when that leaves nothing to search for.
  bool reduce() {
    fix_by_bound(rest_, target());
    tighten(relaxation_bound(rest_) + rest_.fixed_profit);
    if (closed()) return false;
    fix_by_dominance(rest_, target());
    if (rest_.capacity < 0) {
      // The consequences of a better solution contradict one another: there is none.
      tighten(target() + rest_.fixed_profit);
      return false;
    }
    tighten(relaxation_bound(rest_) + rest_.fixed_profit);
    if (rest_.all_fit()) {
      // What is undecided goes in as a whole.
      std::vector<std::int32_t> selected = rest_.fixed_in;
      std::int64_t objective = rest_.fixed_profit;
      for (const Item& item : rest_.items) {
        selected.push_back(item.index);
        objective += item.profit;
      }
      improve(objective, std::move(selected));
    }
    return !closed();
  }

  void tighten(std::int64_t bound) noexcept { bound_ = std::min(bound_, bound); }

  /// Takes over the solution of a search over `items` with `base` and the decided items added.
  void adopt(const SearchOutcome& outcome, std::span<const Item> items, std::span<const Item> base,
             std::int64_t base_profit) {
    states_ += outcome.states;
    if (!outcome.profit) return;
    std::vector<std::int32_t> selected = rest_.fixed_in;
    for (const Item& item : base) selected.push_back(item.index);
    for (const std::int32_t position : outcome.chosen) {
      selected.push_back(items[static_cast<std::size_t>(position)].index);
    }
    improve(rest_.fixed_profit + base_profit + *outcome.profit, std::move(selected));
  }

  OneRowResult finish() {
    OneRowResult result;
    result.proven = closed();
    if (!result.proven) {
      result.stop_reason = memory_ran_out_ ? StopReason::kMemoryLimit : watch_.reason();
      ESPALIER_CHECK(result.stop_reason != StopReason::kNone);
    }
    result.objective = objective_ * profit_unit_;
    result.bound = std::max(bound_, objective_) * profit_unit_;
    result.states = states_;
    std::sort(selected_.begin(), selected_.end());
    result.selected = std::move(selected_);
    verify(result);
    return result;
  }

  void verify(const OneRowResult& result) const {
    std::int64_t profit = 0;
    std::int64_t weight = 0;
    std::int32_t previous = -1;
    for (const std::int32_t j : result.selected) {
      ESPALIER_CHECK(j > previous && static_cast<std::size_t>(j) < profits_.size());
      previous = j;
      profit += profits_[static_cast<std::size_t>(j)];
      weight += weights_[static_cast<std::size_t>(j)];
    }
    ESPALIER_CHECK(profit == result.objective && weight <= capacity_);
  }

  std::span<const std::int64_t> profits_;
  std::span<const std::int64_t> weights_;
  std::int64_t capacity_;
  std::int64_t hint_;
  const OneRowImprovement& on_improvement_;
  LimitWatch watch_;
  std::size_t memory_bytes_;

  // From here on in units of the common divisors.
  std::int64_t profit_unit_ = 1;
  std::int64_t weight_unit_ = 1;
  Remainder rest_;
  std::int64_t objective_ = -1;
  std::int64_t bound_ = 0;
  std::vector<std::int32_t> selected_;
  std::int64_t states_ = 0;
  bool memory_ran_out_ = false;
};

}  // namespace
}  // namespace one_row

OneRowResult solve_one_row(std::span<const std::int64_t> profits,
                           std::span<const std::int64_t> weights, std::int64_t capacity,
                           const OneRowLimits& limits, std::int64_t lower_bound_hint,
                           const OneRowImprovement& on_improvement) {
  return one_row::Solve(profits, weights, capacity, limits, lower_bound_hint, on_improvement).run();
}

}  // namespace espalier::solver
