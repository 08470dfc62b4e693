#include "espalier/resource_model/estimate.hpp"

#include <algorithm>
#include <utility>

#include "espalier/resource_model/reuse_factor.hpp"

#include "kernel_plan.hpp"
#include "latency.hpp"
#include "tables.hpp"
#include "validate.hpp"

namespace espalier::resource_model {
namespace {

LayerEstimate estimate_layer(const Network& network, const Layer& layer) {
  LayerEstimate result;
  result.name = layer.name;
  result.reuse_factor = layer.reuse_factor;
  result.valid_reuse_factors = valid_reuse_factors(layer, network.io_type);
  Resources indices;
  for (const KernelPlan& plan : plan_kernels(network, layer)) {
    result.weights = result.weights + plan.baseline();
    indices.bram18 += plan.index_blocks;
  }
  // A stream carries one pixel, io_parallel everything at once.
  const bool is_streamed_image = network.io_type == IoType::kStream && layer.input[2] != 0;
  const std::int64_t values = is_streamed_image ? layer.output_channels() : layer.num_outputs();
  result.total = result.weights + indices + activation_resources(layer.activation, values);
  const Timing timing = layer_timing(network, layer, result.weights.dsp > 0);
  result.latency_cycles = timing.latency_cycles + activation_latency(layer.activation, values);
  result.ii_cycles = timing.ii_cycles;
  return result;
}

}  // namespace

NetworkEstimate estimate(const Network& network) {
  for (const Layer& layer : network.layers) validate_layer(layer);
  Network corrected = network;
  NetworkEstimate result;
  for (Layer& layer : corrected.layers) {
    std::vector<std::string> warnings;
    if (auto warning = correct_reuse_factor(layer, network.io_type)) {
      warnings.push_back(*std::move(warning));
    }
    LayerEstimate estimate = estimate_layer(corrected, layer);
    estimate.warnings = std::move(warnings);
    result.total = result.total + estimate.total;
    result.latency_cycles += estimate.latency_cycles;
    result.ii_cycles = std::max(result.ii_cycles, estimate.ii_cycles);
    result.layers.push_back(std::move(estimate));
  }
  return result;
}

}  // namespace espalier::resource_model
