#pragma once

#include <cstdint>
#include <vector>

#include "espalier/pruning/network_trainer.hpp"
#include "espalier/pruning/sequential.hpp"
#include "espalier/pruning/train.hpp"
#include "espalier/resource_model/network.hpp"
#include "espalier/resource_model/structure.hpp"

#include "loop/hardware_link.hpp"

namespace espalier::pruning {

/// Masks that keep exactly the weights of the kept structures; `kept` has one flag per structure,
/// as Selection::kept.
LayerMasks masks_of_selection(const resource_model::Network& hardware,
                              const std::vector<resource_model::LayerStructures>& structures,
                              const std::vector<std::vector<std::uint8_t>>& kept);

/// The same masks by layer of the network.
KernelMasks kernel_masks(const Sequential& network, const std::vector<LayerLink>& links,
                         const LayerMasks& masks);

/// Group-lasso penalties over the same structures: strength times the cost of a structure relative
/// to the most expensive one of the network. The cost of a structure is the sum, over the
/// dimensions it uses, of its share of the baseline.
std::vector<GroupPenalty> group_penalties(
    const resource_model::Network& hardware, const std::vector<LayerLink>& links,
    const std::vector<resource_model::LayerStructures>& structures,
    const resource_model::Resources& baseline, double strength);

}  // namespace espalier::pruning
