#pragma once

#include <cstdint>
#include <vector>

#include "espalier/resource_model/network.hpp"
#include "espalier/resource_model/resources.hpp"

#include "weight_rom.hpp"

namespace espalier::resource_model {

/// One weight matrix of a layer as the hardware folds it: which multipliers and memory columns
/// exist before any pruning. Separable convolutions have two, all other layers with weights one.
struct KernelPlan {
  std::int64_t first_weight = 0;  ///< hardware index, within the layer, of the first weight
  std::int64_t num_weights = 0;
  std::int64_t reuse = 1;
  std::int64_t num_lanes = 0;  ///< multipliers that work side by side: ceil(num_weights / reuse)
  bool has_lanes = false;      ///< weights sit in a memory and each lane reads its own bits
  int dsp_per_lane = 0;        ///< over all pixels computed at once
  int dsp_of_last_lane = 0;    ///< may be fewer: its weights are stored in fewer bits
  /// LUT and FF that come and go with a lane; with a weight unless has_lanes.
  Resources logic_per_product;
  int weight_bits = 16;
  BlockRamLayout rom;  ///< no columns unless has_lanes
  /// Block RAMs of the table that tells which output each cycle adds to; no pruning frees them.
  std::int64_t index_blocks = 0;

  /// What pruning can free.
  Resources baseline() const noexcept {
    const std::int64_t products = has_lanes ? num_lanes : num_weights;
    return {.dsp = (num_lanes - 1) * dsp_per_lane + dsp_of_last_lane,
            .bram18 = rom.blocks(),
            .lut = products * logic_per_product.lut,
            .ff = products * logic_per_product.ff};
  }
};

/// Plans of a valid layer (see validate_layer), with its own reuse factor.
std::vector<KernelPlan> plan_kernels(const Network& network, const Layer& layer);

}  // namespace espalier::resource_model
