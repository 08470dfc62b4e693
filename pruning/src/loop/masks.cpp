#include "loop/masks.hpp"

#include <algorithm>

#include "espalier/resource_model/weight_layout.hpp"

#include "select/resource_rows.hpp"

namespace espalier::pruning {
namespace {

using resource_model::LayerStructures;
using resource_model::Resources;

const resource_model::Layer& layer_of(const resource_model::Network& hardware,
                                      const LayerStructures& structures) {
  return hardware.layers[static_cast<std::size_t>(structures.layer)];
}

}  // namespace

LayerMasks masks_of_selection(const resource_model::Network& hardware,
                              const std::vector<LayerStructures>& structures,
                              const std::vector<std::vector<std::uint8_t>>& kept) {
  const std::vector<int> layers = layers_with_weights(hardware);
  LayerMasks masks;
  for (const int i : layers) {
    const auto weights = hardware.layers[static_cast<std::size_t>(i)].num_weights();
    masks.emplace_back(static_cast<std::size_t>(weights), std::uint8_t{1});
  }
  for (std::size_t i = 0; i < structures.size(); ++i) {
    const resource_model::WeightLayout layout(layer_of(hardware, structures[i]));
    const auto place = std::find(layers.begin(), layers.end(), structures[i].layer);
    auto& mask = masks[static_cast<std::size_t>(place - layers.begin())];
    for (std::int64_t f = 0; f < structures[i].num_weights; ++f) {
      const auto structure = static_cast<std::size_t>(f / structures[i].weights_per_structure);
      const auto index = layout.framework_index(structures[i].first_weight + f);
      mask[static_cast<std::size_t>(index)] = kept[i][structure];
    }
  }
  return masks;
}

KernelMasks kernel_masks(const Sequential& network, const std::vector<LayerLink>& links,
                         const LayerMasks& masks) {
  KernelMasks result;
  if (masks.empty()) return result;
  result.resize(static_cast<std::size_t>(network.num_layers()));
  for (std::size_t i = 0; i < links.size(); ++i) {
    result[static_cast<std::size_t>(links[i].network_layer)] = masks[i];
  }
  return result;
}

std::vector<GroupPenalty> group_penalties(const resource_model::Network& hardware,
                                          const std::vector<LayerLink>& links,
                                          const std::vector<LayerStructures>& structures,
                                          const Resources& baseline, double strength) {
  double largest = 0.0;
  for (const LayerStructures& s : structures) {
    largest = std::max(largest, share_of(s.per_structure, baseline));
  }
  std::vector<GroupPenalty> penalties;
  for (const LayerStructures& s : structures) {
    const double share = share_of(s.per_structure, baseline);
    if (share <= 0.0 || strength <= 0.0) continue;
    const auto link = std::find_if(links.begin(), links.end(), [&](const LayerLink& candidate) {
      return candidate.hardware_layer == s.layer;
    });
    GroupPenalty penalty;
    penalty.layer = link->network_layer;
    penalty.group_size = static_cast<std::int32_t>(s.weights_per_structure);
    penalty.strength = static_cast<float>(strength * share / largest);
    const resource_model::WeightLayout layout(layer_of(hardware, s));
    for (std::int64_t f = 0; f < s.num_weights; ++f) {
      penalty.order.push_back(
          static_cast<std::int32_t>(layout.framework_index(s.first_weight + f)));
    }
    penalties.push_back(std::move(penalty));
  }
  return penalties;
}

}  // namespace espalier::pruning
