#include "kernel_plan.hpp"

#include <algorithm>
#include <bit>

#include "espalier/resource_model/device.hpp"
#include "espalier/support/exact.hpp"

#include "logic.hpp"
#include "multiplier.hpp"

namespace espalier::resource_model {
namespace {

void plan_memories(const Layer& layer, int pixels, DspKind kind, std::int64_t fan_in,
                   KernelPlan& plan) {
  plan.rom = plan_weight_rom(plan.reuse, plan.num_lanes, layer.weight);
  FixedPoint last = layer.weight;
  last.width_bits = stored_bits_of_last_weight(layer.weight);
  plan.dsp_of_last_lane = pixels * dsp_per_product(last, layer.input_type, kind);
  if (plan.reuse > fan_in) {
    // A lane that serves several outputs looks up which one in each cycle.
    const auto last_output = static_cast<std::uint64_t>(plan.reuse / fan_in - 1);
    const auto index_bits = static_cast<std::int64_t>(std::bit_width(last_output | 1));
    plan.index_blocks = plan_rom(plan.reuse, index_bits).blocks();
  }
}

KernelPlan plan_kernel(const Network& network, const Layer& layer, std::int64_t first_weight,
                       std::int64_t num_weights, std::int64_t fan_in) {
  KernelPlan plan;
  plan.first_weight = first_weight;
  plan.num_weights = num_weights;
  plan.reuse = std::min<std::int64_t>(layer.reuse_factor, num_weights);
  plan.num_lanes = ceil_div(num_weights, plan.reuse);
  // With RF = 1 the weights are constants of the logic, whatever the strategy.
  plan.has_lanes = layer.strategy != Strategy::kLatency && plan.reuse > 1;
  const int pixels = network.io_type == IoType::kParallel && layer.is_convolution()
                         ? layer.parallelization_factor
                         : 1;
  const DspKind kind = dsp_kind_of_part(network.part);
  plan.dsp_per_lane = pixels * dsp_per_product(layer.weight, layer.input_type, kind);
  plan.dsp_of_last_lane = plan.dsp_per_lane;
  plan.weight_bits = layer.weight.width_bits;
  // The calibration knows no lanes of the depthwise half of a separable convolution.
  const bool is_calibrated = !plan.has_lanes || num_weights == layer.fan_in() * layer.fan_out();
  if (is_calibrated) {
    plan.logic_per_product = logic_of_product(logic_input(network, layer));
    plan.logic_per_product.lut *= pixels;
    plan.logic_per_product.ff *= pixels;
  }
  if (plan.has_lanes) plan_memories(layer, pixels, kind, fan_in, plan);
  return plan;
}

}  // namespace

std::vector<KernelPlan> plan_kernels(const Network& network, const Layer& layer) {
  if (!layer.has_weights()) return {};
  const std::int64_t matrix = std::int64_t{layer.fan_in()} * layer.fan_out();
  const std::int64_t depthwise = layer.num_weights() - matrix;
  std::vector<KernelPlan> plans;
  if (depthwise > 0) plans.push_back(plan_kernel(network, layer, 0, depthwise, depthwise));
  plans.push_back(plan_kernel(network, layer, depthwise, matrix, layer.fan_in()));
  return plans;
}

}  // namespace espalier::resource_model
