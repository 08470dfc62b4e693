#include "one_row/two_list_search.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "espalier/support/check.hpp"

#include "one_row/moves.hpp"
#include "one_row/state_list.hpp"

// Two lists of states grow towards each other, one from the heaviest item down, the other from the
// lightest up, the shorter one first; in the end the best pair of states is found by one sweep over
// both (Horowitz and Sahni, "Computing partitions with applications to the knapsack problem",
// 1974). Both are bounded by the continuous relaxation over everything they have not decided.
//
// Heavy items first is what the instances of Jooken, Leyman and De Causmaecker (2022) ask for:
// their items come in groups of nearly equal weight c/2^k, and the few combinations of heavy ones
// are told apart before the many light ones multiply them. Measured against deciding items by
// distance from the break item: 10 to 1000 times fewer states there, 1 to 4 times more on
// Pisinger's classes, where all runs take milliseconds either way.

namespace espalier::solver::one_row {
namespace {

/// Bytes that one state of the wider list costs at most: the two lists and the buffer they are
/// written to, each with room for twice the width and a quarter of slack, and the ranking.
constexpr std::size_t kBytesPerWidth = 3 * 2 * sizeof(State) * 5 / 4 + 2 * 2 * sizeof(std::int64_t);
constexpr std::size_t kSmallestWidth = 64;

std::vector<std::int32_t> order_by_efficiency(std::span<const Move> moves) {
  std::vector<std::int32_t> order(moves.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
    const Move& left = moves[static_cast<std::size_t>(a)];
    const Move& right = moves[static_cast<std::size_t>(b)];
    const Int128 left_product = Int128{left.profit} * right.weight;
    const Int128 right_product = Int128{right.profit} * left.weight;
    return left_product != right_product ? left_product > right_product : a < b;
  });
  return order;
}

class TwoListSearch {
 public:
  TwoListSearch(std::span<const Move> moves, std::span<const std::int32_t> by_efficiency,
                std::int64_t capacity, std::int64_t target, const SearchEffort& effort,
                LimitWatch& watch)
      : moves_(moves),
        capacity_(capacity),
        target_(target),
        width_limited_by_memory_(effort.memory_bytes / 2 / kBytesPerWidth < effort.width),
        width_(std::max(kSmallestWidth,
                        std::min(effort.width, effort.memory_bytes / 2 / kBytesPerWidth))),
        history_bytes_(effort.memory_bytes / 4),
        watch_(watch),
        lists_{StateList(moves, by_efficiency, capacity),
               StateList(moves, by_efficiency, capacity)} {}

  /// Moves of the best solution found are in `chosen` of the outcome.
  SearchOutcome run() {
    std::size_t heavy = 0;
    std::size_t light = moves_.size();
    while (heavy < light) {
      const bool from_heavy = lists_[0].size() <= lists_[1].size();
      StateList& list = lists_[from_heavy ? 0 : 1];
      const std::size_t move = from_heavy ? heavy++ : --light;
      if (!decide(list, static_cast<std::int32_t>(move))) {
        outcome_.stopped = true;
        return std::move(outcome_);
      }
      if (list.size() == 0) break;
    }
    pair_up();
    for (const StateList& list : lists_) {
      if (!list.dropped_bound()) continue;
      outcome_.dropped_bound =
          std::max(outcome_.dropped_bound.value_or(*list.dropped_bound()), *list.dropped_bound());
    }
    return std::move(outcome_);
  }

 private:
  bool decide(StateList& list, std::int32_t move) {
    const std::int64_t before = target_;
    if (list.expand(move, target_, scratch_, watch_) == Expansion::kStopped) return false;
    outcome_.states += static_cast<std::int64_t>(list.size());
    if (target_ > before) {
      outcome_.profit = target_;
      outcome_.chosen = list.solution();
    }
    if (list.size() > width_) {
      list.truncate(width_ - width_ / 4);
      outcome_.out_of_memory |= width_limited_by_memory_;
    }
    bound_history(list);
    return true;
  }

  /// The history grows with every 32nd move; when collecting does not help, fewer states must do.
  void bound_history(StateList& list) {
    if (list.history_bytes() <= history_bytes_) return;
    list.collect_history();
    while (list.history_bytes() > history_bytes_ && list.size() > kSmallestWidth) {
      list.truncate(std::max(kSmallestWidth, list.size() / 2));
      list.collect_history();
      outcome_.out_of_memory = true;
    }
  }

  /// Best pair of states that fits.
  void pair_up() {
    const std::span<const State> lights = lists_[1].states();
    std::size_t partners = lights.size();
    std::optional<std::pair<State, State>> best;
    for (const State& state : lists_[0].states()) {
      while (partners > 0 && lights[partners - 1].weight > capacity_ - state.weight) --partners;
      if (partners == 0) break;
      const State& partner = lights[partners - 1];
      if (state.profit + partner.profit <= target_) continue;
      target_ = state.profit + partner.profit;
      best = {state, partner};
    }
    if (!best) return;
    outcome_.profit = target_;
    outcome_.chosen.clear();
    lists_[0].append_moves(best->first, outcome_.chosen);
    lists_[1].append_moves(best->second, outcome_.chosen);
  }

  std::span<const Move> moves_;
  std::int64_t capacity_;
  std::int64_t target_;
  bool width_limited_by_memory_;
  std::size_t width_;
  std::size_t history_bytes_;
  LimitWatch& watch_;
  std::array<StateList, 2> lists_;
  StateBuffer scratch_;
  SearchOutcome outcome_;
};

/// Positions of the items that the chosen moves stand for; checks what they add up to.
std::vector<std::int32_t> items_of(std::span<const Item> items, std::span<const Move> moves,
                                   std::span<const std::int32_t> chosen, std::int64_t capacity,
                                   std::int64_t profit) {
  std::vector<std::int32_t> positions;
  std::int64_t total_profit = 0;
  std::int64_t total_weight = 0;
  for (const std::int32_t id : chosen) {
    const Move& move = moves[static_cast<std::size_t>(id)];
    for (std::int32_t i = move.first; i < move.first + move.count; ++i) {
      positions.push_back(i);
      total_profit += items[static_cast<std::size_t>(i)].profit;
      total_weight += items[static_cast<std::size_t>(i)].weight;
    }
  }
  ESPALIER_CHECK(total_profit == profit && total_weight <= capacity);
  return positions;
}

}  // namespace

SearchOutcome search_two_lists(std::span<Item> items, std::int64_t capacity, std::int64_t target,
                               const SearchEffort& effort, LimitWatch& watch) {
  const std::vector<Move> moves = build_moves(items);
  const std::vector<std::int32_t> by_efficiency = order_by_efficiency(moves);
  SearchOutcome outcome =
      TwoListSearch(moves, by_efficiency, capacity, target, effort, watch).run();
  if (outcome.profit) {
    outcome.chosen = items_of(items, moves, outcome.chosen, capacity, *outcome.profit);
  }
  return outcome;
}

}  // namespace espalier::solver::one_row
