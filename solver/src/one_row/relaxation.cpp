#include "one_row/relaxation.hpp"

namespace espalier::solver::one_row {

Relaxation::Relaxation(std::span<const Move> moves, std::span<const std::int32_t> by_efficiency)
    : moves_(moves),
      open_(moves.size(), 1),
      order_(by_efficiency.begin(), by_efficiency.end()),
      entries_(moves.size() + 1) {
  refresh();
}

void Relaxation::refresh() {
  std::int64_t weight = 0;
  std::int64_t profit = 0;
  std::size_t kept = 0;
  for (const std::int32_t id : order_) {
    if (open_[static_cast<std::size_t>(id)] == 0) continue;
    const Move& move = moves_[static_cast<std::size_t>(id)];
    order_[kept] = id;
    entries_[kept++] = {weight, profit, move.weight, move.profit};
    weight += move.weight;
    profit += move.profit;
  }
  order_.resize(kept);
  entries_.resize(kept + 1);
  entries_[kept] = {weight, profit, 1, 0};
  exact_ = true;
}

}  // namespace espalier::solver::one_row
