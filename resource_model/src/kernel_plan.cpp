#include "kernel_plan.hpp"

#include <algorithm>

#include "espalier/resource_model/device.hpp"
#include "espalier/support/exact.hpp"

#include "multiplier.hpp"

namespace espalier::resource_model {
namespace {

KernelPlan plan_kernel(const Network& network, const Layer& layer, std::int64_t first_weight,
                       std::int64_t num_weights) {
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
  plan.dsp_per_lane =
      pixels * dsp_per_product(layer.weight, layer.input_type, dsp_kind_of_part(network.part));
  plan.weight_bits = layer.weight.width_bits;
  if (plan.has_lanes) plan.rom = plan_weight_rom(plan.reuse, plan.num_lanes * plan.weight_bits);
  return plan;
}

}  // namespace

std::vector<KernelPlan> plan_kernels(const Network& network, const Layer& layer) {
  if (!layer.has_weights()) return {};
  const std::int64_t matrix = std::int64_t{layer.fan_in()} * layer.fan_out();
  const std::int64_t depthwise = layer.num_weights() - matrix;
  std::vector<KernelPlan> plans;
  if (depthwise > 0) plans.push_back(plan_kernel(network, layer, 0, depthwise));
  plans.push_back(plan_kernel(network, layer, depthwise, matrix));
  return plans;
}

}  // namespace espalier::resource_model
