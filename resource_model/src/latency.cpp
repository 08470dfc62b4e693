// Latency and initiation interval of one layer.
//
// A matrix-vector product under Resource takes RF cycles and two for reading the memory and adding
// up; under Latency it takes one cycle for the product and a share of the adder tree. Read off
// synthesis reports: convolutions of io_stream under Resource are not pipelined and take about
// RF + 8 cycles per output pixel and 3 per other input pixel.

#include "latency.hpp"

#include <algorithm>
#include <bit>

namespace espalier::resource_model {
namespace {

std::int64_t adder_tree_depth(std::int64_t terms) noexcept {
  return std::bit_width(static_cast<std::uint64_t>(std::max<std::int64_t>(terms, 1) - 1));
}

Timing product_timing(const Layer& layer) noexcept {
  const std::int64_t reuse = layer.reuse_factor;
  if (layer.strategy != Strategy::kLatency && reuse > 1) return {reuse + 2, reuse};
  return {reuse + adder_tree_depth(layer.fan_in()) / 2, reuse};
}

Timing convolution_timing(const Network& network, const Layer& layer) noexcept {
  const auto [height, width] = layer.output_size();
  const std::int64_t output_pixels = std::int64_t{height} * width;
  const std::int64_t input_pixels = std::int64_t{layer.input[0]} * layer.input[1];
  const Timing product = product_timing(layer);
  std::int64_t cycles = 0;
  if (network.io_type == IoType::kParallel) {
    cycles =
        output_pixels / layer.parallelization_factor * product.ii_cycles + product.latency_cycles;
    return {cycles, cycles - product.latency_cycles};
  }
  if (layer.strategy == Strategy::kLatency) {
    cycles = input_pixels * product.ii_cycles + product.latency_cycles;
  } else {
    cycles = output_pixels * (product.ii_cycles + 8) +
             std::max<std::int64_t>(input_pixels - output_pixels, 0) * 3;
  }
  return {cycles, cycles};
}

}  // namespace

Timing layer_timing(const Network& network, const Layer& layer) {
  if (layer.is_convolution()) return convolution_timing(network, layer);
  if (layer.type == LayerType::kDense) return product_timing(layer);
  if (network.io_type == IoType::kParallel) return {1, 1};
  const std::int64_t pixels =
      layer.input[2] == 0 ? 1 : std::int64_t{layer.input[0]} * layer.input[1];
  return {pixels + 1, pixels};
}

}  // namespace espalier::resource_model
