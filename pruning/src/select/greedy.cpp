#include "select/greedy.hpp"

#include <algorithm>
#include <utility>

#include "select/resource_rows.hpp"

namespace espalier::pruning {

using resource_model::Resources;

std::vector<Candidate> greedy_choice(const std::vector<Candidate>& open, const Resources& room) {
  std::vector<std::pair<double, const Candidate*>> order;
  order.reserve(open.size());
  for (const Candidate& c : open) {
    order.emplace_back(static_cast<double>(c.value) / share_of(c.cost, room), &c);
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

std::vector<Candidate> magnitude_choice(const std::vector<Candidate>& open, const Resources& room) {
  std::vector<Candidate> order = open;
  std::sort(order.begin(), order.end(), more_valuable);
  Resources used;
  std::size_t count = 0;
  while (count < order.size() && fits(used + order[count].cost, room)) {
    used = used + order[count++].cost;
  }
  order.resize(count);
  return order;
}

std::vector<Candidate> uniform_choice(const std::vector<Candidate>& open, const Resources& room) {
  // A candidate's rank among those of its layer, as a share, is where it stands in a common order.
  std::vector<Candidate> by_layer = open;
  std::sort(by_layer.begin(), by_layer.end(), [](const Candidate& a, const Candidate& b) {
    return a.layer != b.layer ? a.layer < b.layer : more_valuable(a, b);
  });
  std::vector<std::pair<double, const Candidate*>> order;
  for (auto first = by_layer.begin(); first != by_layer.end();) {
    const auto end = std::find_if(first, by_layer.end(),
                                  [&](const Candidate& c) { return c.layer != first->layer; });
    const auto size = static_cast<double>(end - first);
    for (auto it = first; it != end; ++it) {
      order.emplace_back(static_cast<double>(it - first + 1) / size, &*it);
    }
    first = end;
  }
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Candidate> taken;
  Resources used;
  for (const auto& [share, candidate] : order) {
    if (!fits(used + candidate->cost, room)) break;
    used = used + candidate->cost;
    taken.push_back(*candidate);
  }
  return taken;
}

}  // namespace espalier::pruning
