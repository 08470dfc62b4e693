#include "espalier/resource_model/estimate.hpp"

#include <algorithm>
#include <utility>

#include "espalier/resource_model/device.hpp"
#include "espalier/resource_model/reuse_factor.hpp"
#include "espalier/support/exact.hpp"

#include "kernel_plan.hpp"
#include "latency.hpp"
#include "logic.hpp"
#include "multiplier.hpp"
#include "stream_buffers.hpp"
#include "tables.hpp"
#include "validate.hpp"

namespace espalier::resource_model {
namespace {

/// hls4ml folds a batch normalisation into the weights of the layer before it.
bool is_fused(const Network& network, std::size_t index) {
  const Layer& layer = network.layers[index];
  if (layer.type != LayerType::kBatchNormalization || !network.connected || index == 0)
    return false;
  const Layer& before = network.layers[index - 1];
  return before.has_weights() && before.activation == Activation::kLinear;
}

/// Numbers that leave the layer at once: a stream carries one pixel, io_parallel everything.
std::int64_t parallel_values(const Network& network, const Layer& layer) {
  const bool is_streamed_image = network.io_type == IoType::kStream && layer.input[2] != 0 &&
                                 layer.type != LayerType::kFlatten;
  return is_streamed_image ? layer.output_channels() : layer.num_outputs();
}

/// One product and one sum per value.
Resources batch_normalization(const Network& network, const Layer& layer) {
  const std::int64_t products =
      ceil_div<std::int64_t>(parallel_values(network, layer), layer.reuse_factor);
  return {.dsp = products *
                 dsp_per_product(layer.weight, layer.input_type, dsp_kind_of_part(network.part))};
}

void add_kernels(const Network& network, const Layer& layer, LayerEstimate& result) {
  std::int64_t index_blocks = 0;
  for (const KernelPlan& plan : plan_kernels(network, layer)) {
    result.weights = result.weights + plan.baseline();
    index_blocks += plan.index_blocks;
  }
  if (!layer.has_weights()) return;
  const LogicInput input = logic_input(network, layer);
  const auto [lut_error, ff_error] = logic_errors(input.kind);
  result.lut_error = lut_error;
  result.ff_error = ff_error;
  Resources logic = logic_of(input);
  if (network.io_type == IoType::kParallel && layer.is_convolution()) {
    logic.lut *= layer.parallelization_factor;
    logic.ff *= layer.parallelization_factor;
  }
  // The products' part of the logic is in both.
  logic.lut = std::max(logic.lut, result.weights.lut);
  logic.ff = std::max(logic.ff, result.weights.ff);
  result.total = {.dsp = result.weights.dsp,
                  .bram18 = result.weights.bram18 + index_blocks,
                  .lut = logic.lut,
                  .ff = logic.ff};
}

/// Queues inside an io_stream layer and, in a connected network, before and behind it.
std::int64_t queue_blocks(const Network& network, std::size_t index) {
  const Layer& layer = network.layers[index];
  std::int64_t blocks = inner_queue_blocks(network.backend, layer);
  if (!network.connected) return blocks;
  blocks += padding_queue_blocks(network.backend, layer);
  const bool feeds_another = index + 1 < network.layers.size();
  return blocks + (feeds_another ? output_queue_blocks(network.backend, layer) : 0);
}

LayerEstimate estimate_layer(const Network& network, std::size_t index) {
  const Layer& layer = network.layers[index];
  LayerEstimate result;
  result.name = layer.name;
  result.reuse_factor = layer.reuse_factor;
  result.valid_reuse_factors = valid_reuse_factors(layer, network.io_type);
  if (is_fused(network, index)) return result;
  add_kernels(network, layer, result);
  const std::int64_t values = parallel_values(network, layer);
  result.total = result.total + activation_resources(layer.activation, values, layer.result);
  if (layer.type == LayerType::kBatchNormalization) {
    result.total = result.total + batch_normalization(network, layer);
  }
  if (network.io_type == IoType::kStream) result.total.bram18 += queue_blocks(network, index);
  const Timing timing = layer_timing(network, layer, result.weights.dsp > 0);
  result.latency_cycles = timing.latency_cycles + activation_latency(layer.activation, values);
  result.ii_cycles = timing.ii_cycles;
  return result;
}

}  // namespace

namespace {

/// Where hls4ml falls back to another strategy without a word.
std::optional<std::string> strategy_warning(const Layer& layer, IoType io_type) {
  if (!layer.has_weights() || layer.strategy != Strategy::kResourceUnrolled) return std::nullopt;
  if (layer.reuse_factor == 1) {
    return about_layer(layer,
                       "strategy ResourceUnrolled needs a reuse factor above 1, hls4ml "
                       "silently uses another one");
  }
  if (layer.is_convolution() && io_type == IoType::kParallel) {
    return about_layer(layer,
                       "strategy ResourceUnrolled needs io_stream in a convolution, hls4ml "
                       "silently uses Resource");
  }
  return std::nullopt;
}

/// Cycles from the first input of an io_stream layer to its first output, where none waits.
constexpr std::int64_t kCyclesPerHop = 2;

/// The interval is that of the slowest layer. The layers of io_parallel run one after the other.
/// Those of io_stream start with their first pixel and run side by side, so that reports give the
/// latency of the slowest one and a few cycles for each of the others.
void set_network_timing(const Network& network, NetworkEstimate& result) {
  std::int64_t sum = 0;
  std::int64_t slowest = 0;
  for (const LayerEstimate& layer : result.layers) {
    sum += layer.latency_cycles;
    slowest = std::max(slowest, layer.latency_cycles);
    result.ii_cycles = std::max(result.ii_cycles, layer.ii_cycles);
  }
  const auto others = static_cast<std::int64_t>(result.layers.size()) - 1;
  const bool overlaps = network.io_type == IoType::kStream && network.connected;
  result.latency_cycles = overlaps ? std::min(sum, slowest + others * kCyclesPerHop) : sum;
}

}  // namespace

std::optional<double> required_sparsity(const NetworkEstimate& estimate, const Device& device) {
  Resources weights;
  for (const LayerEstimate& layer : estimate.layers) weights = weights + layer.weights;
  const Resources room = device.capacity - (estimate.total - weights);
  double required = 0.0;
  for (const auto amount : {&Resources::dsp, &Resources::bram18}) {
    if (weights.*amount <= room.*amount) continue;
    if (room.*amount < 0) return std::nullopt;
    const double kept = static_cast<double>(room.*amount) / static_cast<double>(weights.*amount);
    required = std::max(required, 1.0 - kept);
  }
  return required;
}

NetworkEstimate estimate(const Network& network) {
  for (const Layer& layer : network.layers) validate_layer(layer);
  Network corrected = network;
  NetworkEstimate result;
  for (std::size_t k = 0; k < corrected.layers.size(); ++k) {
    std::vector<std::string> warnings;
    if (auto warning = correct_reuse_factor(corrected.layers[k], network.io_type)) {
      warnings.push_back(*std::move(warning));
    }
    if (auto warning = strategy_warning(corrected.layers[k], network.io_type)) {
      warnings.push_back(*std::move(warning));
    }
    LayerEstimate estimate = estimate_layer(corrected, k);
    estimate.warnings = std::move(warnings);
    result.total = result.total + estimate.total;
    result.layers.push_back(std::move(estimate));
  }
  set_network_timing(network, result);
  if (network.connected) {
    result.top_level = top_level_logic();
    result.total = result.total + result.top_level;
  }
  return result;
}

}  // namespace espalier::resource_model
