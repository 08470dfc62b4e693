#include "validate.hpp"

#include "espalier/support/error.hpp"

namespace espalier::resource_model {
namespace {

// Above this no FPGA holds the layer, and products of three sizes still fit in 63 bits.
constexpr int kMaxSize = 1 << 20;
constexpr std::int64_t kMaxWeights = std::int64_t{1} << 31;

void require_range(const Layer& layer, const char* field, int value, int low, int high) {
  if (value >= low && value <= high) return;
  throw Error(about_layer(layer, std::string(field) + " is " + std::to_string(value) +
                                     "; expected a value from " + std::to_string(low) + " to " +
                                     std::to_string(high)));
}

void require_width(const Layer& layer, const char* field, const FixedPoint& type) {
  require_range(layer, field, type.width_bits, 1, 1024);
}

void validate_window(const Layer& layer) {
  const char* const field = layer.is_convolution() ? "kernel" : "pool";
  for (std::size_t axis = 0; axis < 2; ++axis) {
    require_range(layer, field, layer.kernel[axis], 1, kMaxSize);
    require_range(layer, "stride", layer.stride[axis], 1, kMaxSize);
    if (layer.padding == Padding::kValid && layer.kernel[axis] > layer.input[axis]) {
      throw Error(about_layer(
          layer, std::string(field) + " is " + std::to_string(layer.kernel[axis]) +
                     " wide but the input has only " + std::to_string(layer.input[axis]) +
                     "; expected it to fit, or padding 'same'"));
    }
  }
}

void validate_sizes(const Layer& layer) {
  if (layer.type == LayerType::kDense) {
    require_range(layer, "n_in", layer.n_in, 1, kMaxSize);
    require_range(layer, "n_out", layer.n_out, 1, kMaxSize);
    return;
  }
  const bool is_image = layer.is_convolution() || layer.is_pool() || layer.input[2] != 0;
  if (!is_image) {
    require_range(layer, "n_in", layer.n_in, 1, kMaxSize);
    return;
  }
  for (const int size : layer.input) require_range(layer, "in", size, 1, kMaxSize);
  if (layer.is_convolution() || layer.is_pool()) validate_window(layer);
  if (layer.is_convolution() && layer.type != LayerType::kDepthwiseConv2D) {
    require_range(layer, "filters", layer.filters, 1, kMaxSize);
  }
}

}  // namespace

std::string about_layer(const Layer& layer, const std::string& what) {
  return "layer '" + layer.name + "': " + what;
}

void validate_layer(const Layer& layer) {
  validate_sizes(layer);
  if (layer.num_weights() > kMaxWeights) {
    throw Error(about_layer(layer, "the kernel has " + std::to_string(layer.num_weights()) +
                                       " weights; expected at most " +
                                       std::to_string(kMaxWeights)));
  }
  require_width(layer, "weight", layer.weight);
  require_width(layer, "bias", layer.bias);
  require_width(layer, "input", layer.input_type);
  require_width(layer, "result", layer.result);
  if (layer.accum) require_width(layer, "accum", *layer.accum);
  require_range(layer, "reuse_factor", layer.reuse_factor, 1, 1 << 30);
  require_range(layer, "parallelization_factor", layer.parallelization_factor, 1, kMaxSize);
  require_range(layer, "packets", layer.packets, 1, 1 << 30);
  if (layer.is_convolution()) {
    const auto [height, width] = layer.output_size();
    if (std::int64_t{height} * width % layer.parallelization_factor != 0) {
      throw Error(about_layer(
          layer, "parallelization_factor is " + std::to_string(layer.parallelization_factor) +
                     "; expected a divisor of the " + std::to_string(std::int64_t{height} * width) +
                     " output pixels"));
    }
  }
}

}  // namespace espalier::resource_model
