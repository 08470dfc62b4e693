#include "loop/hardware_link.hpp"

#include <numeric>
#include <string>

#include "espalier/resource_model/weight_layout.hpp"
#include "espalier/support/error.hpp"

namespace espalier::pruning {
namespace {

using resource_model::Resources;

std::vector<int> layers_with_weights(const Sequential& network) {
  std::vector<int> result;
  for (int i = 0; i < network.num_layers(); ++i) {
    if (network.has_weights(i)) result.push_back(i);
  }
  return result;
}

/// Inputs of one output: the kernel without its last axis.
std::int64_t fan_in(const Sequential& network, int layer) {
  return static_cast<std::int64_t>(network.kernel(layer).size()) / network.layer(layer).units;
}

/// The layer whose activation rectifies the outputs of layer i: itself, or an Activation right
/// behind it; null when nothing does.
const resource_model::Layer* rectifier_of(const resource_model::Network& hardware, int i) {
  const auto rectifies = [](const resource_model::Layer& layer) {
    return layer.activation == resource_model::Activation::kRelu;
  };
  const auto k = static_cast<std::size_t>(i);
  if (rectifies(hardware.layers[k])) return &hardware.layers[k];
  if (k + 1 == hardware.layers.size()) return nullptr;
  const auto& next = hardware.layers[k + 1];
  return next.type == resource_model::LayerType::kActivation && rectifies(next) ? &next : nullptr;
}

void check_same_layer(const Sequential& network, int layer, const resource_model::Layer& hardware) {
  const NetLayer& net = network.layer(layer);
  const bool types_agree =
      (net.type == NetLayerType::kDense && hardware.type == resource_model::LayerType::kDense) ||
      (net.type == NetLayerType::kConv2D && (hardware.type == resource_model::LayerType::kConv1D ||
                                             hardware.type == resource_model::LayerType::kConv2D));
  if (!types_agree) {
    throw Error("layer " + net.name + " of the network and layer " + hardware.name +
                " of the hardware description are of different types; expected both Dense or both "
                "convolutions");
  }
  const bool windows_agree = net.type == NetLayerType::kDense || net.window == hardware.kernel;
  if (net.units != hardware.fan_out() || fan_in(network, layer) != hardware.fan_in() ||
      !windows_agree) {
    throw Error("layer " + hardware.name + " of the hardware description is " +
                std::to_string(hardware.fan_in()) + " by " + std::to_string(hardware.fan_out()) +
                "; expected " + std::to_string(fan_in(network, layer)) + " by " +
                std::to_string(net.units) + " as layer " + net.name + " of the network");
  }
}

}  // namespace

std::vector<int> layers_with_weights(const resource_model::Network& hardware) {
  std::vector<int> result;
  for (std::size_t i = 0; i < hardware.layers.size(); ++i) {
    if (hardware.layers[i].has_weights()) result.push_back(static_cast<int>(i));
  }
  return result;
}

std::vector<LayerLink> link_layers(const Sequential& network,
                                   const resource_model::Network& hardware) {
  const std::vector<int> net = layers_with_weights(network);
  const std::vector<int> hard = layers_with_weights(hardware);
  if (net.size() != hard.size()) {
    throw Error("the hardware description has " + std::to_string(hard.size()) +
                " layers with weights; expected " + std::to_string(net.size()) +
                " as in the network");
  }
  std::vector<LayerLink> links;
  for (std::size_t i = 0; i < net.size(); ++i) {
    check_same_layer(network, net[i], hardware.layers[static_cast<std::size_t>(hard[i])]);
    links.push_back({net[i], hard[i]});
  }
  return links;
}

std::vector<std::uint8_t> nonzero_pattern(std::span<const float> kernel,
                                          const resource_model::Layer& layer) {
  const resource_model::WeightLayout layout(layer);
  std::vector<std::uint8_t> pattern(kernel.size());
  for (std::size_t f = 0; f < pattern.size(); ++f) {
    const auto index = layout.framework_index(static_cast<std::int64_t>(f));
    pattern[f] = kernel[static_cast<std::size_t>(index)] != 0.0F ? 1 : 0;
  }
  return pattern;
}

std::vector<Resources> resources_of_kernels(const std::vector<std::span<const float>>& kernels,
                                            const resource_model::Network& hardware) {
  const std::vector<int> layers = layers_with_weights(hardware);
  if (kernels.size() != layers.size()) {
    throw Error("the network has " + std::to_string(kernels.size()) + " kernels; expected " +
                std::to_string(layers.size()) + ", one per layer with weights");
  }
  std::vector<Resources> result;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto& layer = hardware.layers[static_cast<std::size_t>(layers[i])];
    if (static_cast<std::int64_t>(kernels[i].size()) != layer.num_weights()) {
      throw Error("layer " + layer.name + " has a kernel of " + std::to_string(kernels[i].size()) +
                  " weights; expected " + std::to_string(layer.num_weights()));
    }
    result.push_back(resource_model::resources_of_pattern(hardware, layers[i],
                                                          nonzero_pattern(kernels[i], layer)));
  }
  return result;
}

std::vector<Resources> resources_of_all_weights(const resource_model::Network& hardware) {
  std::vector<Resources> result;
  for (const int i : layers_with_weights(hardware)) {
    const auto& layer = hardware.layers[static_cast<std::size_t>(i)];
    const std::vector<std::uint8_t> all(static_cast<std::size_t>(layer.num_weights()), 1);
    result.push_back(resource_model::resources_of_pattern(hardware, i, all));
  }
  return result;
}

NetworkFixedPoint fixed_point_of(const Sequential& network, const resource_model::Network& hardware,
                                 const std::vector<LayerLink>& links) {
  NetworkFixedPoint types;
  const int num_layers = network.num_layers();
  types.layers.resize(static_cast<std::size_t>(num_layers));
  if (!hardware.layers.empty()) types.input = hardware.layers.front().input_type;
  for (const LayerLink& link : links) {
    const auto& layer = hardware.layers[static_cast<std::size_t>(link.hardware_layer)];
    const auto n = static_cast<std::size_t>(link.network_layer);
    types.layers[n] = {.weight = layer.weight, .bias = layer.bias, .accum = layer.accum};
    // A rectifier of the layer takes the whole sum; what it leaves has the type of the result.
    const resource_model::Layer* rectifier = rectifier_of(hardware, link.hardware_layer);
    const bool has_rectifier = rectifier != nullptr && link.network_layer + 1 < num_layers &&
                               network.layer(link.network_layer + 1).type == NetLayerType::kRelu;
    if (has_rectifier) types.layers[n + 1].output = rectifier->result;
    if (!has_rectifier || rectifier != &layer) types.layers[n].output = layer.result;
  }
  return types;
}

Resources sum_of(const std::vector<Resources>& parts) noexcept {
  return std::accumulate(parts.begin(), parts.end(), Resources{});
}

}  // namespace espalier::pruning
