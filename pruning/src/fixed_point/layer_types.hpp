#pragma once

#include <vector>

#include "espalier/resource_model/network.hpp"

namespace espalier::pruning {

/// The types of one layer of the hardware, all of them written out.
struct LayerTypes {
  resource_model::FixedPoint input;
  resource_model::FixedPoint accum;   ///< kernels and pools
  resource_model::FixedPoint sum;     ///< what kernels and pools give to their activation
  resource_model::FixedPoint result;  ///< what the layer gives to the next
};

/// Types of every layer, by the rules of FixedPointNetwork.
std::vector<LayerTypes> resolve_types(const resource_model::Network& hardware);

}  // namespace espalier::pruning
