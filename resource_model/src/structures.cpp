// Structures are formed from the memory layout and priced by counting: what one frees is the count
// for the full layer minus the count without it, so that there is no second set of formulas.

#include <algorithm>
#include <numeric>
#include <string>

#include "espalier/resource_model/reuse_factor.hpp"
#include "espalier/resource_model/structure.hpp"
#include "espalier/support/error.hpp"
#include "espalier/support/exact.hpp"

#include "kernel_plan.hpp"
#include "validate.hpp"

namespace espalier::resource_model {
namespace {

using Flags = std::span<const std::uint8_t>;

bool any(Flags flags) {
  return std::any_of(flags.begin(), flags.end(), [](std::uint8_t flag) { return flag != 0; });
}

/// Whether each lane has a weight left.
std::vector<std::uint8_t> lanes_in_use(const KernelPlan& plan, Flags kept) {
  std::vector<std::uint8_t> in_use(static_cast<std::size_t>(plan.num_lanes));
  const auto reuse = static_cast<std::size_t>(plan.reuse);
  for (std::size_t lane = 0; lane < in_use.size(); ++lane) {
    const std::size_t begin = lane * reuse;
    in_use[lane] = any(kept.subspan(begin, std::min(reuse, kept.size() - begin)));
  }
  return in_use;
}

/// Block RAMs of the columns that hold bits of a lane in use.
std::int64_t blocks_in_use(const KernelPlan& plan, const BlockRamColumns& columns,
                           Flags lane_in_use) {
  std::int64_t count = 0;
  for (std::int64_t column = 0; column < columns.count; ++column) {
    const std::int64_t first_bit = columns.first_bit + column * columns.bits;
    const std::int64_t first_lane = first_bit / plan.weight_bits;
    const std::int64_t last_lane =
        std::min((first_bit + columns.bits - 1) / plan.weight_bits, plan.num_lanes - 1);
    count += any(lane_in_use.subspan(static_cast<std::size_t>(first_lane),
                                     static_cast<std::size_t>(last_lane - first_lane + 1)));
  }
  return count * columns.blocks_per_column;
}

Resources count_kernel(const KernelPlan& plan, Flags kept) {
  if (!plan.has_lanes) {
    const std::int64_t weights =
        std::count_if(kept.begin(), kept.end(), [](std::uint8_t flag) { return flag != 0; });
    return {.dsp = ceil_div(weights, plan.reuse) * plan.dsp_per_lane,
            .lut = weights * plan.logic_per_product.lut,
            .ff = weights * plan.logic_per_product.ff};
  }
  const std::vector<std::uint8_t> in_use = lanes_in_use(plan, kept);
  const std::int64_t lanes_but_last = std::count(in_use.begin(), in_use.end() - 1, 1);
  const std::int64_t lanes = lanes_but_last + in_use.back();
  return {.dsp = lanes_but_last * plan.dsp_per_lane + in_use.back() * plan.dsp_of_last_lane,
          .bram18 = blocks_in_use(plan, plan.rom.main, in_use) +
                    blocks_in_use(plan, plan.rom.rest, in_use),
          .lut = lanes * plan.logic_per_product.lut,
          .ff = lanes * plan.logic_per_product.ff};
}

/// Lanes whose bits end together with a column of block RAM.
std::int64_t lanes_per_whole_columns(const KernelPlan& plan) {
  if (plan.rom.blocks() == 0) return 1;
  return std::lcm<std::int64_t>(plan.weight_bits, plan.rom.main.bits) / plan.weight_bits;
}

/// What the structure that covers weights [begin, end) of the kernel frees on its own.
Resources freed_by(const KernelPlan& plan, std::int64_t begin, std::int64_t end) {
  std::vector<std::uint8_t> kept(static_cast<std::size_t>(plan.num_weights), 1);
  const Resources before = count_kernel(plan, kept);
  std::fill(kept.begin() + begin, kept.begin() + end, std::uint8_t{0});
  return before - count_kernel(plan, kept);
}

LayerStructures form_kernel_structures(const KernelPlan& plan, int layer, Objective objective) {
  const std::int64_t whole = lanes_per_whole_columns(plan);
  const std::int64_t lanes = objective.bram ? whole : 1;
  LayerStructures structures{.layer = layer,
                             .first_weight = plan.first_weight,
                             .num_weights = plan.num_weights,
                             .weights_per_structure = plan.reuse * lanes};
  structures.num_structures = ceil_div(plan.num_weights, structures.weights_per_structure);
  const std::int64_t last = (structures.num_structures - 1) * structures.weights_per_structure;
  structures.last_structure = freed_by(plan, last, plan.num_weights);
  structures.per_structure =
      last == 0 ? structures.last_structure : freed_by(plan, 0, structures.weights_per_structure);
  if (lanes % whole != 0) {
    // Columns are shared with the neighbours: none is promised.
    structures.per_structure.bram18 = 0;
    structures.last_structure.bram18 = 0;
  }
  for (Resources* freed : {&structures.per_structure, &structures.last_structure}) {
    if (!objective.lut) freed->lut = 0;
    if (!objective.ff) freed->ff = 0;
  }
  return structures;
}

void require_valid_reuse_factor(const Network& network, const Layer& layer) {
  if (is_valid_reuse_factor(layer, network.io_type, layer.reuse_factor)) return;
  throw Error(about_layer(
      layer,
      "reuse_factor is " + std::to_string(layer.reuse_factor) + "; expected a valid one such as " +
          std::to_string(nearest_valid_reuse_factor(layer, network.io_type, layer.reuse_factor))));
}

}  // namespace

std::vector<LayerStructures> form_structures(const Network& network, Objective objective) {
  std::vector<LayerStructures> all;
  for (std::size_t k = 0; k < network.layers.size(); ++k) {
    const Layer& layer = network.layers[k];
    if (!layer.has_weights()) continue;
    validate_layer(layer);
    require_valid_reuse_factor(network, layer);
    for (const KernelPlan& plan : plan_kernels(network, layer)) {
      all.push_back(form_kernel_structures(plan, static_cast<int>(k), objective));
    }
  }
  return all;
}

Resources resources_of_pattern(const Network& network, int layer,
                               std::span<const std::uint8_t> kept) {
  if (layer < 0 || static_cast<std::size_t>(layer) >= network.layers.size()) {
    throw Error("layer index is " + std::to_string(layer) + "; the network has " +
                std::to_string(network.layers.size()) + " layers");
  }
  const Layer& subject = network.layers[static_cast<std::size_t>(layer)];
  validate_layer(subject);
  if (static_cast<std::int64_t>(kept.size()) != subject.num_weights()) {
    throw Error(about_layer(subject, "the pattern has " + std::to_string(kept.size()) +
                                         " flags; expected one per weight, " +
                                         std::to_string(subject.num_weights())));
  }
  Resources total;
  for (const KernelPlan& plan : plan_kernels(network, subject)) {
    total = total + count_kernel(plan, kept.subspan(static_cast<std::size_t>(plan.first_weight),
                                                    static_cast<std::size_t>(plan.num_weights)));
  }
  return total;
}

}  // namespace espalier::resource_model
