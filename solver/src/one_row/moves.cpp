#include "one_row/moves.hpp"

#include <algorithm>

namespace espalier::solver::one_row {
namespace {

bool heavier(const Item& a, const Item& b) {
  if (a.weight != b.weight) return a.weight > b.weight;
  if (a.profit != b.profit) return a.profit > b.profit;
  return a.index < b.index;
}

}  // namespace

std::vector<Move> build_moves(std::span<Item> items) {
  std::sort(items.begin(), items.end(), heavier);
  std::vector<Move> moves;
  moves.reserve(items.size());
  for (std::size_t begin = 0; begin < items.size();) {
    const Item& item = items[begin];
    std::size_t end = begin + 1;
    while (end < items.size() && items[end].weight == item.weight &&
           items[end].profit == item.profit) {
      ++end;
    }
    for (std::size_t copies = 1; begin < end; copies *= 2) {
      const std::size_t chunk = std::min(copies, end - begin);
      const auto count = static_cast<std::int64_t>(chunk);
      moves.push_back({item.profit * count, item.weight * count, static_cast<std::int32_t>(begin),
                       static_cast<std::int32_t>(chunk)});
      begin += chunk;
    }
  }
  std::stable_sort(moves.begin(), moves.end(),
                   [](const Move& a, const Move& b) { return a.weight > b.weight; });
  return moves;
}

}  // namespace espalier::solver::one_row
