#include "select/greedy.hpp"

#include <algorithm>
#include <utility>

#include "select/resource_rows.hpp"

namespace espalier::pruning {
namespace {

using resource_model::Resources;

double share_of_room(const Resources& cost, const Resources& room) noexcept {
  double share = 0.0;
  for (const ResourceDimension& d : kResourceDimensions) {
    if (cost.*d.amount > 0) {
      share += static_cast<double>(cost.*d.amount) /
               static_cast<double>(std::max<std::int64_t>(room.*d.amount, 1));
    }
  }
  return share;
}

}  // namespace

std::vector<Candidate> greedy_choice(const std::vector<Candidate>& open, const Resources& room) {
  std::vector<std::pair<double, const Candidate*>> order;
  order.reserve(open.size());
  for (const Candidate& c : open) {
    order.emplace_back(static_cast<double>(c.value) / share_of_room(c.cost, room), &c);
  }
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : more_valuable(*a.second, *b.second);
  });
  std::vector<Candidate> taken;
  Resources used;
  for (const auto& [density, candidate] : order) {
    if (!fits(used + candidate->cost, room)) continue;
    used = used + candidate->cost;
    taken.push_back(*candidate);
  }
  return taken;
}

}  // namespace espalier::pruning
