#pragma once

#include <span>
#include <vector>

#include "espalier/pruning/prune.hpp"

namespace espalier::pruning {

/// What became of each layer with weights. `structures_kept` has one count per entry of
/// `structures`; the other vectors have one entry per layer with weights.
std::vector<LayerOutcome> describe_layers(
    const std::vector<std::span<const float>>& kernels, const resource_model::Network& hardware,
    const std::vector<resource_model::LayerStructures>& structures,
    const std::vector<std::int64_t>& structures_kept,
    const std::vector<resource_model::Resources>& before,
    const std::vector<resource_model::Resources>& after);

}  // namespace espalier::pruning
