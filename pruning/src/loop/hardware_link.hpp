#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "espalier/pruning/sequential.hpp"
#include "espalier/pruning/train.hpp"
#include "espalier/resource_model/network.hpp"
#include "espalier/resource_model/resources.hpp"
#include "espalier/resource_model/structure.hpp"

namespace espalier::pruning {

/// A layer with weights, in the network that is trained and in the hardware description.
struct LayerLink {
  int network_layer = 0;
  int hardware_layer = 0;
};

/// Pairs the layers with weights in order; throws Error naming the layer where type or sizes differ
/// or one side has more layers.
std::vector<LayerLink> link_layers(const Sequential& network,
                                   const resource_model::Network& hardware);

/// One flag per weight in hardware order: 1 where the kernel is not zero.
std::vector<std::uint8_t> nonzero_pattern(std::span<const float> kernel,
                                          const resource_model::Layer& layer);

/// Indices of the layers with weights.
std::vector<int> layers_with_weights(const resource_model::Network& hardware);

/// Resources of each layer with weights, counted from the zeros of its kernel; `kernels` as
/// NetworkTrainer::kernels(). Throws Error naming the layer when a kernel has another size.
std::vector<resource_model::Resources> resources_of_kernels(
    const std::vector<std::span<const float>>& kernels, const resource_model::Network& hardware);

/// The same of the unpruned network, whatever its weights are.
std::vector<resource_model::Resources> resources_of_all_weights(
    const resource_model::Network& hardware);

/// The types that the hardware gives to weights, biases, accumulators and outputs of the network's
/// layers.
NetworkFixedPoint fixed_point_of(const Sequential& network, const resource_model::Network& hardware,
                                 const std::vector<LayerLink>& links);

resource_model::Resources sum_of(const std::vector<resource_model::Resources>& parts) noexcept;

}  // namespace espalier::pruning
