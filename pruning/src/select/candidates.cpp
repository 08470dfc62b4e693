#include "select/candidates.hpp"

#include <algorithm>
#include <tuple>

#include "select/resource_rows.hpp"

namespace espalier::pruning {

using resource_model::LayerStructures;
using resource_model::Resources;

bool more_valuable(const Candidate& a, const Candidate& b) noexcept {
  return std::tuple(-a.value, a.layer, a.structure) < std::tuple(-b.value, b.layer, b.structure);
}

bool fits(const Resources& a, const Resources& b) noexcept {
  return std::all_of(
      kResourceDimensions.begin(), kResourceDimensions.end(),
      [&](const ResourceDimension& d) { return a.*d.amount == 0 || a.*d.amount <= b.*d.amount; });
}

Candidates gather_candidates(const std::vector<LayerStructures>& structures,
                             const std::vector<std::int64_t>& scaled_values,
                             const std::vector<std::int64_t>& floors) {
  Candidates result;
  std::size_t next = 0;
  for (std::size_t layer = 0; layer < structures.size(); ++layer) {
    const LayerStructures& of_layer = structures[layer];
    std::vector<Candidate> all;
    all.reserve(static_cast<std::size_t>(of_layer.num_structures));
    for (std::int64_t k = 0; k < of_layer.num_structures; ++k) {
      const bool is_last = k + 1 == of_layer.num_structures;
      all.push_back({static_cast<std::int32_t>(layer), static_cast<std::int32_t>(k),
                     scaled_values[next++],
                     is_last ? of_layer.last_structure : of_layer.per_structure});
    }
    std::sort(all.begin(), all.end(), more_valuable);
    for (std::size_t rank = 0; rank < all.size(); ++rank) {
      const bool in_floor = static_cast<std::int64_t>(rank) < floors[layer];
      if (in_floor || all[rank].cost == Resources{}) {
        result.kept.push_back(all[rank]);
        result.kept_cost = result.kept_cost + all[rank].cost;
      } else if (all[rank].value > 0) {
        result.open.push_back(all[rank]);
      }
    }
  }
  return result;
}

}  // namespace espalier::pruning
