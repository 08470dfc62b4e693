// Queues between the layers of io_stream networks.
//
// hls4ml connects the functions of its dataflow by queues that hold a whole image: one entry per
// pixel, all channels side by side. HLS builds short or narrow ones of shift registers and puts the
// others into block RAM, column by column like a memory of that depth. Images make these queues
// larger than the weights; networks of vectors have one entry per layer and no block RAM.
// Line buffers of convolutions are shift registers and take no block RAM.

#include "stream_buffers.hpp"

#include "weight_rom.hpp"

namespace espalier::resource_model {
namespace {

constexpr std::int64_t kMinDepth = 3;  // up to two entries are registers

}  // namespace

std::int64_t queue_blocks(const Layer& layer) {
  // A flattened image is not touched: its reader takes the pixels as they come.
  if (layer.type == LayerType::kFlatten) return 0;
  const bool is_vector = layer.type == LayerType::kDense || layer.input[2] == 0;
  if (is_vector) return 0;
  const auto [height, width] = layer.output_size();
  const std::int64_t depth = std::int64_t{height} * width;
  if (depth < kMinDepth) return 0;
  const std::int64_t entry_bits = std::int64_t{layer.output_channels()} * layer.result.width_bits;
  const bool has_two =
      layer.activation != Activation::kLinear && layer.type != LayerType::kActivation;
  return plan_rom(depth, entry_bits).blocks() * (has_two ? 2 : 1);
}

}  // namespace espalier::resource_model
