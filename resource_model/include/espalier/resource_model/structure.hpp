#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "espalier/resource_model/network.hpp"
#include "espalier/resource_model/resources.hpp"

namespace espalier::resource_model {

/// Which resources pruning is to free; `bram` decides how weights are grouped. DSP blocks always
/// count: what a structure groups is what multipliers serve.
struct Objective {
  /// false: structures are lanes, all weights of one multiplier; true: as many consecutive lanes as
  /// fill whole columns of block RAM.
  bool bram = false;
  bool lut = false;  ///< count the LUTs of multipliers and their adders and operand selection
  bool ff = false;   ///< count their flip-flops

  static const Objective kDsp;
  static const Objective kDspAndBram;

  friend bool operator==(const Objective&, const Objective&) = default;
};
inline constexpr Objective Objective::kDsp{};
inline constexpr Objective Objective::kDspAndBram{.bram = true};

/// The resource-aware structures of one kernel: consecutive runs of weights in hardware order.
///
/// Structure k covers the hardware indices first_weight + [k * weights_per_structure,
/// min((k + 1) * weights_per_structure, num_weights)); only the last one may be shorter.
/// A structure frees its resources exactly when all of its weights are zero.
///
/// For every set of structures, with B the resources of the full layer and P those of
/// resources_of_pattern() after zeroing exactly that set:
/// - DSP: the sum of what the structures free equals B - P.
/// - LUT and FF, where the objective has them: likewise equal.
/// - BRAM with Objective::bram: likewise equal, since every structure begins and ends at the
///   boundary of a memory column.
/// - BRAM without Objective::bram: equal where lanes are whole columns (W a multiple of the column
///   width). Elsewhere neighbouring lanes share columns, a structure is credited with none, and
///   P may only be smaller than B minus the sum: by at most all the columns of the layer.
struct LayerStructures {
  int layer = 0;                  ///< index in Network::layers
  std::int64_t first_weight = 0;  ///< hardware index; above 0 only for pointwise kernels
                                  ///< of separable convolutions
  std::int64_t num_weights = 0;
  std::int64_t weights_per_structure = 1;
  std::int64_t num_structures = 0;
  Resources per_structure = {};   ///< freed by each structure but the last
  Resources last_structure = {};  ///< freed by the last one
};

/// Structures of every layer that has weights, in the order of the layers; separable convolutions
/// have two entries, depthwise first.
///
/// Resource and ResourceUnrolled with RF > 1: lanes of RF weights, or runs of lanes (Objective).
/// Latency, or RF = 1: runs of RF weights, which lower the bound on multipliers by one; at RF = 1
/// single weights. What a structure frees is the difference of two counts of resources_of_pattern.
/// Reuse factors must be valid (see correct_reuse_factors); throws Error that names the layer
/// otherwise. Cost: a few passes over the weights.
std::vector<LayerStructures> form_structures(const Network& network, Objective objective);

/// Weight-dependent resources of a layer (multipliers with their logic, and weight memory) when
/// exactly the weights with a non-zero flag in `kept` remain; `kept` has one flag per weight in
/// hardware order. Counts lanes and memory columns itself and knows nothing of structures.
///
/// Memory is counted on the layout of the unpruned layer: a column of block RAM disappears when
/// all of its bits are constant zero, and what is left is not packed anew. Synthesis may do better
/// (a memory that has shrunk to 1024 bits moves to LUTs) by at most the columns that are left.
///
/// LUT and FF are those that the calibrated model of a product grows by with each multiplier (with
/// each weight for strategy Latency or RF = 1), rounded down to whole ones: adders, operand
/// registers, selection of inputs. The rest of a layer's logic stays until the layer is gone. The
/// error of that model is stated in LayerEstimate.
Resources resources_of_pattern(const Network& network, int layer,
                               std::span<const std::uint8_t> kept);

}  // namespace espalier::resource_model
