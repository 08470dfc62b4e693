#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "espalier/resource_model/network.hpp"
#include "espalier/resource_model/resources.hpp"

namespace espalier::resource_model {

/// Which resources pruning is to free; decides how weights are grouped.
enum class Objective {
  kDsp,         ///< lanes: all weights of one multiplier
  kDspAndBram,  ///< as many consecutive lanes as fill whole 36-bit memory words
};

/// The resource-aware structures of one layer: consecutive runs of weights in hardware order.
///
/// Structure k covers the hardware indices [k * weights_per_structure,
/// min((k + 1) * weights_per_structure, num_weights)); only the last one may be shorter.
/// A structure frees its resources exactly when all of its weights are zero. For every set of
/// structures the sum of what they free equals baseline minus resources_of_pattern().
struct LayerStructures {
  int layer = 0;                            ///< index in Network::layers
  std::int64_t num_weights = 0;
  std::int64_t weights_per_structure = 1;
  std::int64_t num_structures = 0;
  Resources per_structure;                  ///< freed by each structure but the last
  Resources last_structure;                 ///< freed by the last one
};

/// Structures of every layer that has weights, in the order of the layers. Reuse factors must be
/// valid (see correct_reuse_factors); throws Error that names the layer otherwise.
std::vector<LayerStructures> form_structures(const Network& network, Objective objective);

/// Weight-dependent resources of a layer (multipliers and weight memory) when exactly the weights
/// with a non-zero flag in `kept` remain; `kept` has one flag per weight in hardware order.
/// Counts lanes and memory words themselves and knows nothing of structures.
Resources resources_of_pattern(const Network& network, int layer, std::span<const std::uint8_t> kept);

}  // namespace espalier::resource_model
