#include "one_row/break_item.hpp"

#include <algorithm>
#include <utility>

// The break item is found as a weighted median: three-way partition around a pivot and descent into
// the part in which the capacity runs out (Balas and Zemel, "An algorithm for large zero-one
// knapsack problems", 1980). The pivot is the median of three medians of three.

namespace espalier::solver::one_row {
namespace {

const Item& median_of_three(const Item& a, const Item& b, const Item& c) {
  if (compare_efficiency(a, b) < 0) {
    return compare_efficiency(b, c) < 0 ? b : (compare_efficiency(a, c) < 0 ? c : a);
  }
  return compare_efficiency(a, c) < 0 ? a : (compare_efficiency(b, c) < 0 ? c : b);
}

Item choose_pivot(std::span<const Item> items) {
  const std::size_t n = items.size();
  if (n < 9) return median_of_three(items[0], items[n / 2], items[n - 1]);
  const std::size_t step = n / 9;
  const auto third = [&](std::size_t first) {
    return median_of_three(items[first * step], items[(first + 1) * step],
                           items[(first + 2) * step]);
  };
  return median_of_three(third(0), third(3), third(6));
}

/// Ends of the two first parts after a partition into more, equally and less efficient items.
std::pair<std::size_t, std::size_t> partition_around(std::span<Item> items, const Item& pivot) {
  std::size_t more = 0;
  std::size_t next = 0;
  std::size_t less = items.size();
  while (next < less) {
    const int order = compare_efficiency(items[next], pivot);
    if (order > 0) {
      std::swap(items[more++], items[next++]);
    } else if (order < 0) {
      std::swap(items[next], items[--less]);
    } else {
      ++next;
    }
  }
  return {more, less};
}

std::int64_t total_weight(std::span<const Item> items) {
  std::int64_t total = 0;
  for (const Item& item : items) total += item.weight;
  return total;
}

}  // namespace

std::size_t find_break(std::span<Item> items, std::int64_t capacity) {
  std::size_t low = 0;
  std::size_t high = items.size();
  std::int64_t residual = capacity;
  while (low < high) {
    const std::span<Item> part = items.subspan(low, high - low);
    const auto [more, less] = partition_around(part, choose_pivot(part));
    const std::int64_t weight = total_weight(part.first(more));
    if (weight > residual) {
      high = low + more;
      continue;
    }
    residual -= weight;
    for (std::size_t i = more; i < less; ++i) {
      if (part[i].weight > residual) return low + i;
      residual -= part[i].weight;
    }
    low += less;
  }
  return low;
}

void gather_least_efficient(std::span<Item> items, std::size_t count) {
  if (count >= items.size()) return;
  const auto middle = items.end() - static_cast<std::ptrdiff_t>(count);
  std::nth_element(items.begin(), middle, items.end(),
                   [](const Item& a, const Item& b) { return compare_efficiency(a, b) > 0; });
}

void gather_most_efficient(std::span<Item> items, std::size_t count) {
  if (count >= items.size()) return;
  const auto middle = items.begin() + static_cast<std::ptrdiff_t>(count);
  std::nth_element(items.begin(), middle, items.end(),
                   [](const Item& a, const Item& b) { return compare_efficiency(a, b) > 0; });
}

}  // namespace espalier::solver::one_row
