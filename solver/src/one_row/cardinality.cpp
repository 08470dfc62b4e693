#include "one_row/cardinality.hpp"

#include <algorithm>
#include <functional>
#include <span>

#include "one_row/break_item.hpp"

// Where profits are weights plus a constant, the relaxation gains from the fraction of an item that
// no solution can have. A row on the number of items takes that gain away: no more than fit when
// the lightest are taken, no fewer than reach the target when the most profitable are (Martello,
// Pisinger, Toth, "Dynamic programming and strong bounds for the 0-1 knapsack problem", 1999). They
// add it to the capacity row; we take it into the objective, which gives the same bound and leaves
// weights and capacity as they are.

namespace espalier::solver::one_row {
namespace {

constexpr std::int64_t kMultiplierSumLimit = std::int64_t{1} << 61;

/// How many items fit at most.
std::int64_t most_items(const Remainder& remainder) {
  std::vector<std::int64_t> weights;
  for (const Item& item : remainder.items) weights.push_back(item.weight);
  std::sort(weights.begin(), weights.end());
  std::int64_t residual = remainder.capacity;
  std::int64_t count = 0;
  for (const std::int64_t weight : weights) {
    if (weight > residual) break;
    residual -= weight;
    ++count;
  }
  return count;
}

/// How many items a profit above `target` needs at least.
std::int64_t fewest_items(const Remainder& remainder, std::int64_t target) {
  std::vector<std::int64_t> profits;
  for (const Item& item : remainder.items) profits.push_back(item.profit);
  std::sort(profits.begin(), profits.end(), std::greater<>());
  std::int64_t profit = 0;
  std::int64_t count = 0;
  for (const std::int64_t next : profits) {
    if (profit > target) break;
    profit += next;
    ++count;
  }
  return count;
}

/// The relaxation with a multiplier: its bound, and whether its solution has more than `count`
/// items, the fraction of the break item included.
struct Evaluation {
  std::int64_t bound;
  bool too_many;
  double fraction;  // what `bound` was rounded down by
};

Evaluation evaluate(const Remainder& remainder, const CardinalityRow& row) {
  Remainder penalised;
  penalised.items = penalised_items(remainder, row);
  penalised.capacity = remainder.capacity;
  penalised.break_index = find_break(penalised.items, penalised.capacity);
  const auto whole = static_cast<std::int64_t>(penalised.break_index);
  const std::int64_t bound = relaxation_bound(penalised) + row.multiplier * row.count;
  if (penalised.all_fit()) return {bound, whole > row.count, 0.0};
  std::int64_t residual = penalised.capacity;
  for (std::size_t j = 0; j < penalised.break_index; ++j) residual -= penalised.items[j].weight;
  const Item& item = penalised.items[penalised.break_index];
  const auto remainder_part = static_cast<double>(Int128{residual} * item.profit % item.weight);
  return {bound, whole + 1 > row.count, remainder_part / static_cast<double>(item.weight)};
}

}  // namespace

std::vector<Item> penalised_items(const Remainder& remainder, const CardinalityRow& row) {
  std::vector<Item> items;
  items.reserve(remainder.items.size());
  for (Item item : remainder.items) {
    item.profit -= row.multiplier;
    if (item.profit > 0) items.push_back(item);
  }
  return items;
}

std::optional<CardinalityRow> find_cardinality_row(const Remainder& remainder,
                                                   std::int64_t target) {
  if (remainder.all_fit()) return std::nullopt;
  const auto n = static_cast<std::int64_t>(remainder.items.size());
  const auto whole = static_cast<std::int64_t>(remainder.break_index);
  const std::int64_t largest = std::min(kMultiplierSumLimit / n, std::int64_t{1} << 60);
  std::int64_t low = 0;
  std::int64_t high = 0;
  CardinalityRow row{most_items(remainder), 0, relaxation_bound(remainder)};
  if (whole + 1 > row.count) {
    for (const Item& item : remainder.items) high = std::max(high, item.profit);
    high = std::min(high, largest);
  } else {
    row.count = fewest_items(remainder, target);
    if (whole >= row.count) return std::nullopt;
    // Beyond this a bonus makes all items nearly equal in profit: no use is known.
    for (const Item& item : remainder.items) low = std::min(low, -item.profit);
    low = std::max(low, -largest);
  }
  // The bound is convex in the multiplier, falling where the solution has too many items.
  CardinalityRow best = row;
  double best_fraction = 0.0;
  while (low <= high) {
    row.multiplier = low + (high - low) / 2;
    const Evaluation evaluation = evaluate(remainder, row);
    if (evaluation.bound < best.bound ||
        (evaluation.bound == best.bound && evaluation.fraction < best_fraction)) {
      best = row;
      best.bound = evaluation.bound;
      best_fraction = evaluation.fraction;
    }
    (evaluation.too_many ? low : high) = row.multiplier + (evaluation.too_many ? 1 : -1);
  }
  if (best.multiplier == 0) return std::nullopt;
  return best;
}

std::optional<std::vector<std::int32_t>> fill_with_cardinality(const Remainder& remainder,
                                                               const CardinalityRow& row,
                                                               std::size_t shift) {
  // Items strictly better than the break item under the multiplier are in; among those equal to it
  // the count is filled up by neighbours in weight, as heavy as fit.
  std::vector<Item> items = penalised_items(remainder, row);
  const std::size_t position = find_break(items, remainder.capacity);
  if (position == items.size()) return std::nullopt;
  const Item pivot = items[position];
  std::vector<std::int32_t> chosen;
  std::vector<Item> ties;
  std::int64_t residual = remainder.capacity;
  for (std::size_t j = 0; j < remainder.items.size(); ++j) {
    Item item = remainder.items[j];
    item.profit -= row.multiplier;
    if (item.profit <= 0) continue;
    item.index = static_cast<std::int32_t>(j);
    const int order = compare_efficiency(item, pivot);
    if (order > 0) {
      chosen.push_back(item.index);
      residual -= item.weight;
    } else if (order == 0) {
      ties.push_back(item);
    }
  }
  const std::int64_t open = row.count - static_cast<std::int64_t>(chosen.size());
  if (open < 0 || open > static_cast<std::int64_t>(ties.size()) || residual < 0) {
    return std::nullopt;
  }
  std::sort(ties.begin(), ties.end(), [](const Item& a, const Item& b) {
    return a.weight != b.weight ? a.weight < b.weight : a.index < b.index;
  });
  const auto width = static_cast<std::size_t>(open);
  std::int64_t weight = 0;
  for (std::size_t j = 0; j < width; ++j) weight += ties[j].weight;
  if (weight > residual) return std::nullopt;
  std::size_t at = 0;
  for (; width > 0 && at + width < ties.size(); ++at) {
    const std::int64_t next = weight - ties[at].weight + ties[at + width].weight;
    if (next > residual) break;
    weight = next;
  }
  at -= std::min(at, shift);
  for (std::size_t j = at; j < at + width; ++j) chosen.push_back(ties[j].index);
  return chosen;
}

}  // namespace espalier::solver::one_row
