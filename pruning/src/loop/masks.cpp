#include "loop/masks.hpp"

#include <algorithm>

#include "espalier/resource_model/weight_layout.hpp"

#include "select/resource_rows.hpp"

namespace espalier::pruning {
namespace {

using resource_model::LayerStructures;
using resource_model::Resources;

const resource_model::Layer& layer_of(const resource_model::Network& hardware,
                                      const LayerLink& link) {
  return hardware.layers[static_cast<std::size_t>(link.hardware_layer)];
}

double share_of_baseline(const Resources& cost, const Resources& baseline) noexcept {
  double share = 0.0;
  for (const ResourceDimension& d : kResourceDimensions) {
    if (cost.*d.amount > 0) {
      share += static_cast<double>(cost.*d.amount) / static_cast<double>(baseline.*d.amount);
    }
  }
  return share;
}

}  // namespace

KernelMasks masks_of_selection(const Sequential& network, const resource_model::Network& hardware,
                               const std::vector<LayerLink>& links,
                               const std::vector<LayerStructures>& structures,
                               const std::vector<std::vector<std::uint8_t>>& kept) {
  KernelMasks masks(static_cast<std::size_t>(network.num_layers()));
  for (std::size_t i = 0; i < links.size(); ++i) {
    const resource_model::WeightLayout layout(layer_of(hardware, links[i]));
    auto& mask = masks[static_cast<std::size_t>(links[i].network_layer)];
    mask.resize(static_cast<std::size_t>(structures[i].num_weights));
    for (std::int64_t f = 0; f < structures[i].num_weights; ++f) {
      const auto structure = static_cast<std::size_t>(f / structures[i].weights_per_structure);
      mask[static_cast<std::size_t>(layout.framework_index(f))] = kept[i][structure];
    }
  }
  return masks;
}

std::vector<GroupPenalty> group_penalties(const resource_model::Network& hardware,
                                          const std::vector<LayerLink>& links,
                                          const std::vector<LayerStructures>& structures,
                                          const Resources& baseline, double strength) {
  double largest = 0.0;
  for (const LayerStructures& s : structures) {
    largest = std::max(largest, share_of_baseline(s.per_structure, baseline));
  }
  std::vector<GroupPenalty> penalties;
  for (std::size_t i = 0; i < links.size(); ++i) {
    const double share = share_of_baseline(structures[i].per_structure, baseline);
    if (share <= 0.0 || strength <= 0.0) continue;
    GroupPenalty penalty;
    penalty.layer = links[i].network_layer;
    penalty.group_size = static_cast<std::int32_t>(structures[i].weights_per_structure);
    penalty.strength = static_cast<float>(strength * share / largest);
    const resource_model::WeightLayout layout(layer_of(hardware, links[i]));
    for (std::int64_t f = 0; f < structures[i].num_weights; ++f) {
      penalty.order.push_back(static_cast<std::int32_t>(layout.framework_index(f)));
    }
    penalties.push_back(std::move(penalty));
  }
  return penalties;
}

}  // namespace espalier::pruning
