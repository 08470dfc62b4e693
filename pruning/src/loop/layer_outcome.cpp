#include "loop/layer_outcome.hpp"

#include <algorithm>

#include "espalier/resource_model/weight_layout.hpp"

#include "loop/hardware_link.hpp"

namespace espalier::pruning {
namespace {

/// Which multipliers still have work.
void describe_lanes(const resource_model::Layer& layer, const std::vector<std::uint8_t>& pattern,
                    LayerOutcome& outcome) {
  const resource_model::WeightLayout layout(layer);
  outcome.lanes_kept.resize(static_cast<std::size_t>(layout.lane(outcome.weights - 1) + 1), 0);
  for (std::int64_t f = 0; f < outcome.weights; ++f) {
    auto& lane = outcome.lanes_kept[static_cast<std::size_t>(layout.lane(f))];
    lane |= pattern[static_cast<std::size_t>(f)];
  }
  const auto lanes = static_cast<std::int64_t>(outcome.lanes_kept.size());
  outcome.lanes_per_output = lanes % layer.fan_out() == 0 ? lanes / layer.fan_out() : 0;
}

}  // namespace

std::vector<LayerOutcome> describe_layers(
    const std::vector<std::span<const float>>& kernels, const resource_model::Network& hardware,
    const std::vector<resource_model::LayerStructures>& structures,
    const std::vector<std::int64_t>& structures_kept,
    const std::vector<resource_model::Resources>& before,
    const std::vector<resource_model::Resources>& after) {
  const std::vector<int> layers = layers_with_weights(hardware);
  std::vector<LayerOutcome> outcomes;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto& layer = hardware.layers[static_cast<std::size_t>(layers[i])];
    const auto pattern = nonzero_pattern(kernels[i], layer);
    LayerOutcome outcome;
    outcome.name = layer.name;
    for (std::size_t s = 0; s < structures.size(); ++s) {
      if (structures[s].layer != layers[i]) continue;
      outcome.structures += structures[s].num_structures;
      outcome.structures_kept += structures_kept[s];
    }
    outcome.weights = layer.num_weights();
    outcome.weights_kept = std::count(pattern.begin(), pattern.end(), 1);
    outcome.before = before[i];
    outcome.after = after[i];
    describe_lanes(layer, pattern, outcome);
    outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}

}  // namespace espalier::pruning
