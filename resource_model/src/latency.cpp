// Latency and initiation interval of one layer, as C synthesis reports them.
//
// Read off synthesis reports (bench/resource_model/evaluate.cpp holds the formulas against them):
// - Resource, io_parallel: RF cycles of products, two more to read the memory and to add; pipelined
//   with an interval of RF.
// - Resource, io_stream: the inputs are first gathered packet by packet and nothing overlaps, so
//   that the interval is the latency.
// - Latency: the interval is RF; products and adders are chained as the clock allows.
// - Convolutions of io_stream take in one pixel after the other, padding included. The report's
//   maximum charges each of them with a whole product under Resource (RF + 10 cycles), although
//   only those that complete a window need one; under Latency a pixel takes RF cycles.
// - Convolutions of io_parallel loop over the output pixels, parallelization_factor at a time.

#include "latency.hpp"

#include <algorithm>
#include <bit>

namespace espalier::resource_model {
namespace {

// Cycles beyond RF of one product under Resource.
constexpr int kMemoryAndAdder = 2;  // io_parallel
constexpr int kStreamWithDsp = 6;   // io_stream, dense
constexpr int kStreamWithLogic = 4;
constexpr int kStreamedPixel = 10;        // io_stream, one position of a convolution
constexpr int kStreamedPixelLatency = 4;  // strategy Latency: filling of the line buffer

// Nanoseconds per level of the adder tree, rounded from the reports with strategy Latency.
constexpr double kAdderLevelNs = 3.0;

bool is_folded(const Layer& layer) noexcept {
  return layer.strategy != Strategy::kLatency && layer.reuse_factor > 1;
}

/// Product and adder tree under strategy Latency.
std::int64_t unfolded_latency(const Layer& layer, double clock_ns) noexcept {
  const auto terms = static_cast<std::uint64_t>(std::max(layer.fan_in(), 1));
  const double levels = 1.0 + static_cast<double>(std::bit_width(terms - 1));
  const auto cycles = static_cast<std::int64_t>(levels * kAdderLevelNs / clock_ns);
  return std::max<std::int64_t>(cycles, 1) + layer.reuse_factor - 1;
}

Timing dense_timing(const Network& network, const Layer& layer, bool uses_dsp) noexcept {
  const std::int64_t reuse = layer.reuse_factor;
  const std::int64_t gather = layer.packets > 1 ? layer.packets : 0;
  if (!is_folded(layer)) {
    const std::int64_t latency = unfolded_latency(layer, network.clock_ns);
    if (network.io_type == IoType::kParallel) return {latency, reuse};
    return {latency + gather, std::max(gather, reuse)};
  }
  if (network.io_type == IoType::kParallel) return {reuse + kMemoryAndAdder, reuse};
  const std::int64_t cycles = reuse + (uses_dsp ? kStreamWithDsp : kStreamWithLogic) + gather;
  return {cycles, cycles};
}

/// Positions that a streamed convolution or pool takes in, padding included.
std::int64_t input_positions(const Layer& layer) noexcept {
  const auto [height, width] = layer.padded_size();
  return std::int64_t{height} * width;
}

Timing convolution_timing(const Network& network, const Layer& layer) noexcept {
  const std::int64_t reuse = layer.reuse_factor;
  if (network.io_type == IoType::kParallel) {
    const auto [height, width] = layer.output_size();
    const std::int64_t rounds = std::int64_t{height} * width / layer.parallelization_factor;
    const std::int64_t fill =
        is_folded(layer) ? kMemoryAndAdder : unfolded_latency(layer, network.clock_ns) - reuse;
    return {rounds * reuse + fill, rounds * reuse};
  }
  const std::int64_t positions = input_positions(layer);
  const std::int64_t cycles =
      is_folded(layer)
          ? positions * (reuse + kStreamedPixel)
          : positions * reuse + unfolded_latency(layer, network.clock_ns) + kStreamedPixelLatency;
  return {cycles, cycles};
}

}  // namespace

Timing layer_timing(const Network& network, const Layer& layer, bool uses_dsp) {
  if (layer.is_convolution()) return convolution_timing(network, layer);
  if (layer.type == LayerType::kDense) return dense_timing(network, layer, uses_dsp);
  if (layer.type == LayerType::kFlatten || layer.type == LayerType::kActivation) return {0, 1};
  if (network.io_type == IoType::kParallel) return {1, 1};
  const std::int64_t positions = layer.input[2] == 0 ? 1 : input_positions(layer);
  return {positions + 1, positions};
}

}  // namespace espalier::resource_model
