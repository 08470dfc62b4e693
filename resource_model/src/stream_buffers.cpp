// Queues of io_stream networks.
//
// hls4ml connects the functions of its dataflow by queues that hold a whole image, one entry per
// pixel; networks of vectors have one entry per layer and no block RAM. Zero padding is a function
// of its own in front of the convolution, and so is each half of a separable convolution. Read off
// the queue tables of synthesis reports:
// - Vivado HLS takes the channels of a pixel apart, one queue each, and builds those of up to 32
//   entries of shift registers (23 x 16 and 16 x 32 bits: none; 36 x 16, 121 x 3 bits: one RAMB18).
// - Vitis HLS keeps them together, and builds queues of up to 1024 bits, or of up to two entries,
// of
//   shift registers (UG1399, config_storage -auto_srl_max_bits, -auto_srl_max_depth; 1 x 544 bits:
//   none; 16 x 128 bits: eight RAMB18).
// - Writing and reading take both ports, so no column is wider than 18 bits (64 x 32 bits: two;
//   2580 x 16: four; 8192 x 14: seven; 64 x 400: 23; 576 x 132: eight).
// - The line buffers of convolutions and pools are shift registers. ConvImplementation::kEncoded
// has
//   a queue per value of the window instead, as long as a row of outputs for each row of the window
//   (99 outputs of a window of three: three RAMB18).

#include "stream_buffers.hpp"

#include "weight_rom.hpp"

namespace espalier::resource_model {
namespace {

constexpr std::int64_t kMaxShiftRegisterDepth = 32;   // Vivado HLS
constexpr std::int64_t kMaxShiftRegisterBits = 1024;  // Vitis HLS
constexpr std::int64_t kMaxRegisterDepth = 2;         // Vitis HLS

/// A queue of `depth` pixels of `channels` values.
std::int64_t queue_blocks(Backend backend, std::int64_t depth, std::int64_t channels,
                          int value_bits) noexcept {
  if (backend == Backend::kVivado) {
    return depth <= kMaxShiftRegisterDepth ? 0 : channels * dual_port_blocks(depth, value_bits);
  }
  const std::int64_t entry_bits = channels * value_bits;
  const bool is_small = depth <= kMaxRegisterDepth || depth * entry_bits <= kMaxShiftRegisterBits;
  return is_small ? 0 : dual_port_blocks(depth, entry_bits);
}

std::int64_t window_blocks(Backend backend, const Layer& layer) noexcept {
  const std::int64_t values = std::int64_t{layer.kernel[0]} * layer.kernel[1] * layer.input[2];
  const std::int64_t depth = std::int64_t{layer.kernel[0]} * layer.output_size()[1];
  return values * queue_blocks(backend, depth, 1, layer.input_type.width_bits);
}

}  // namespace

std::int64_t padding_queue_blocks(Backend backend, const Layer& layer) noexcept {
  if (!layer.is_convolution()) return 0;
  const auto [height, width] = layer.padded_size();
  if (height == layer.input[0] && width == layer.input[1]) return 0;
  return queue_blocks(backend, std::int64_t{height} * width, layer.input[2],
                      layer.input_type.width_bits);
}

std::int64_t inner_queue_blocks(Backend backend, const Layer& layer) noexcept {
  std::int64_t blocks = 0;
  if (layer.type == LayerType::kSeparableConv2D) {
    const auto [height, width] = layer.output_size();
    blocks += queue_blocks(backend, std::int64_t{height} * width, layer.input[2],
                           layer.result.width_bits);
  }
  const bool has_window = layer.is_convolution() || layer.is_pool();
  if (has_window && layer.conv_implementation == ConvImplementation::kEncoded) {
    blocks += window_blocks(backend, layer);
  }
  return blocks;
}

std::int64_t output_queue_blocks(Backend backend, const Layer& layer) noexcept {
  // A flattened image is not touched: its reader takes the pixels as they come.
  if (layer.type == LayerType::kFlatten) return 0;
  const bool is_vector = layer.type == LayerType::kDense || layer.input[2] == 0;
  const auto [height, width] = layer.output_size();
  const std::int64_t depth = is_vector ? 1 : std::int64_t{height} * width;
  const std::int64_t channels = is_vector ? layer.num_outputs() : layer.output_channels();
  const bool has_two =
      layer.activation != Activation::kLinear && layer.type != LayerType::kActivation;
  return queue_blocks(backend, depth, channels, layer.result.width_bits) * (has_two ? 2 : 1);
}

}  // namespace espalier::resource_model
