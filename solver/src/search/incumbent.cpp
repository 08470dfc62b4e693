#include "search/incumbent.hpp"

#include <algorithm>

#include "espalier/support/check.hpp"

namespace espalier::solver {

bool Incumbent::offer(std::span<const std::int32_t> items, char source) {
  const std::int64_t objective = core_.profit_of(items);
  if (objective <= value()) return false;
  const std::lock_guard lock(mutex_);
  if (objective <= value()) return false;
  ESPALIER_CHECK(core_.is_feasible(items));
  items_.assign(items.begin(), items.end());
  std::sort(items_.begin(), items_.end());
  ESPALIER_CHECK(std::adjacent_find(items_.begin(), items_.end()) == items_.end());
  value_.store(objective, std::memory_order_relaxed);
  ++improvements_;
  if (listener_) listener_(objective, items_, source);
  return true;
}

void Incumbent::restart(std::span<const std::int32_t> items) {
  const std::lock_guard lock(mutex_);
  items_.assign(items.begin(), items.end());
  value_.store(core_.profit_of(items), std::memory_order_relaxed);
}

std::vector<std::int32_t> Incumbent::items() const {
  const std::lock_guard lock(mutex_);
  return items_;
}

std::int64_t Incumbent::improvements() const {
  const std::lock_guard lock(mutex_);
  return improvements_;
}

}  // namespace espalier::solver
