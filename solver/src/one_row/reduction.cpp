#include "one_row/reduction.hpp"

#include <algorithm>
#include <numeric>
#include <span>

#include "one_row/break_item.hpp"

// Fixing items before the dynamic program.
//
// With the break item's efficiency e = P/W as multiplier of the row, every x satisfies
//     W * profit(x) <= P * capacity + sum_j max(0, r_j) - sum_{j deviates} |r_j|,   r_j = W p_j - P
//     w_j,
// where j deviates when it is in although r_j < 0 or out although r_j > 0. All of this is exact in
// 128 bits: sums of profits and of weights are below 2^62, so every sum of |r_j| is below 2^125.
//
// Dominance: if item i is no heavier and no less profitable than j (ties by index), exchanging j
// for i in a solution loses nothing. So some best solution is closed: with j it contains everything
// that dominates j. Asking the inequality above of closed solutions only, item j pays for all of
// its dominators when it is put in and for everything that it dominates when it is left out. The
// sums over dominators are two-dimensional prefix sums: a sweep by weight over a Fenwick tree by
// profit. Fixing by dominance is among the ideas of da Silva, de Queiroz, Schouery, "Solving hard
// instances from knapsack and bounded knapsack problems" (2026); the sums are ours.

namespace espalier::solver::one_row {
namespace {

/// Multiplier of the row and the value of the relaxation for it, both times the break weight.
struct Lagrangian {
  std::int64_t profit;
  std::int64_t weight;
  Int128 value;

  explicit Lagrangian(const Remainder& remainder)
      : profit(remainder.items[remainder.break_index].profit),
        weight(remainder.items[remainder.break_index].weight),
        value(Int128{profit} * remainder.capacity) {
    for (std::size_t j = 0; j < remainder.break_index; ++j) value += reduced(remainder.items[j]);
  }

  Int128 reduced(const Item& item) const noexcept {
    return Int128{weight} * item.profit - Int128{profit} * item.weight;
  }
  /// Whether a deviation of this cost leaves no profit above `target`.
  bool excludes(Int128 cost, std::int64_t target) const noexcept {
    return value - cost < (Int128{target} + 1) * weight;
  }
};

enum class Fate : std::uint8_t { kOpen, kIn, kOut };

/// Removes the decided items; the order of the others is kept.
void apply(Remainder& remainder, std::span<const Fate> fates) {
  std::size_t kept = 0;
  std::size_t kept_before_break = 0;
  for (std::size_t j = 0; j < remainder.items.size(); ++j) {
    const Item item = remainder.items[j];
    if (fates[j] == Fate::kIn) {
      remainder.fixed_in.push_back(item.index);
      remainder.fixed_profit += item.profit;
      remainder.capacity -= item.weight;
    } else if (fates[j] == Fate::kOpen) {
      if (j < remainder.break_index) ++kept_before_break;
      remainder.items[kept++] = item;
    }
  }
  remainder.items.resize(kept);
  remainder.break_index = kept_before_break;
}

struct DominanceSums {
  std::int64_t weight = 0;  // of the items met
  Int128 cost = 0;          // their cost of deviating

  void operator+=(const DominanceSums& other) noexcept {
    weight += other.weight;
    cost += other.cost;
  }
};

/// Prefix sums over ranks that change as the sweep goes on.
class FenwickTree {
 public:
  explicit FenwickTree(std::size_t size) : sums_(size + 1) {}

  void add(std::size_t rank, const DominanceSums& value) {
    for (std::size_t i = rank + 1; i < sums_.size(); i += i & (~i + 1)) sums_[i] += value;
  }
  /// Sum over the ranks 0..rank.
  DominanceSums up_to(std::size_t rank) const {
    DominanceSums total;
    for (std::size_t i = rank + 1; i > 0; i -= i & (~i + 1)) total += sums_[i];
    return total;
  }

 private:
  std::vector<DominanceSums> sums_;
};

/// Orders of the items such that i dominates j exactly if i comes before j in both.
struct DominanceOrder {
  std::vector<std::uint32_t> by_weight;    // lightest first; among equals the more profitable
  std::vector<std::uint32_t> profit_rank;  // most profitable first; among equals the lighter

  explicit DominanceOrder(std::span<const Item> items)
      : by_weight(items.size()), profit_rank(items.size()) {
    std::iota(by_weight.begin(), by_weight.end(), 0U);
    std::vector<std::uint32_t> by_profit = by_weight;
    std::sort(by_weight.begin(), by_weight.end(), [&](std::uint32_t a, std::uint32_t b) {
      if (items[a].weight != items[b].weight) return items[a].weight < items[b].weight;
      if (items[a].profit != items[b].profit) return items[a].profit > items[b].profit;
      return a < b;
    });
    std::sort(by_profit.begin(), by_profit.end(), [&](std::uint32_t a, std::uint32_t b) {
      if (items[a].profit != items[b].profit) return items[a].profit > items[b].profit;
      if (items[a].weight != items[b].weight) return items[a].weight < items[b].weight;
      return a < b;
    });
    for (std::uint32_t rank = 0; rank < by_profit.size(); ++rank) {
      profit_rank[by_profit[rank]] = rank;
    }
  }
};

}  // namespace

std::int64_t relaxation_bound(const Remainder& remainder) noexcept {
  std::int64_t profit = 0;
  std::int64_t residual = remainder.capacity;
  for (std::size_t j = 0; j < remainder.break_index; ++j) {
    profit += remainder.items[j].profit;
    residual -= remainder.items[j].weight;
  }
  if (remainder.all_fit()) return profit;
  const Item& item = remainder.items[remainder.break_index];
  return profit + static_cast<std::int64_t>(Int128{residual} * item.profit / item.weight);
}

void fix_by_bound(Remainder& remainder, std::int64_t target) {
  if (remainder.all_fit()) return;
  const Lagrangian lagrangian(remainder);
  std::vector<Fate> fates(remainder.items.size(), Fate::kOpen);
  for (std::size_t j = 0; j < remainder.items.size(); ++j) {
    const Item& item = remainder.items[j];
    const Int128 reduced = lagrangian.reduced(item);
    if (item.weight > remainder.capacity) {
      fates[j] = Fate::kOut;
    } else if (lagrangian.excludes(reduced < 0 ? -reduced : reduced, target)) {
      fates[j] = j < remainder.break_index ? Fate::kIn : Fate::kOut;
    }
  }
  apply(remainder, fates);
  remainder.break_index = find_break(remainder.items, remainder.capacity);
}

void fix_by_dominance(Remainder& remainder, std::int64_t target) {
  if (remainder.all_fit()) return;
  const std::size_t n = remainder.items.size();
  const Lagrangian lagrangian(remainder);
  const DominanceOrder order(remainder.items);
  std::vector<Fate> fates(n, Fate::kOpen);

  FenwickTree dominators(n);
  for (const std::uint32_t j : order.by_weight) {
    const Item& item = remainder.items[j];
    const Int128 reduced = lagrangian.reduced(item);
    dominators.add(order.profit_rank[j], {item.weight, std::max<Int128>(0, -reduced)});
    const DominanceSums with = dominators.up_to(order.profit_rank[j]);
    if (with.weight > remainder.capacity || lagrangian.excludes(with.cost, target)) {
      fates[j] = Fate::kOut;
    }
  }
  FenwickTree dominated(n);
  for (std::size_t k = n; k-- > 0;) {
    const std::uint32_t j = order.by_weight[k];
    const Item& item = remainder.items[j];
    const std::size_t rank = n - 1 - order.profit_rank[j];
    dominated.add(rank, {item.weight, std::max<Int128>(0, lagrangian.reduced(item))});
    if (fates[j] == Fate::kOpen && lagrangian.excludes(dominated.up_to(rank).cost, target)) {
      fates[j] = Fate::kIn;
    }
  }
  apply(remainder, fates);
  if (remainder.capacity >= 0) {
    remainder.break_index = find_break(remainder.items, remainder.capacity);
  }
}

}  // namespace espalier::solver::one_row
