#include "espalier/resource_model/network.hpp"

#include <algorithm>

#include "espalier/support/exact.hpp"

namespace espalier::resource_model {

bool Layer::is_convolution() const noexcept {
  switch (type) {
    case LayerType::kConv1D:
    case LayerType::kConv2D:
    case LayerType::kDepthwiseConv2D:
    case LayerType::kSeparableConv2D:
      return true;
    default:
      return false;
  }
}

bool Layer::is_pool() const noexcept {
  return type == LayerType::kMaxPooling || type == LayerType::kAveragePooling;
}

bool Layer::has_weights() const noexcept { return type == LayerType::kDense || is_convolution(); }

std::int64_t Layer::num_weights() const noexcept {
  const std::int64_t window = std::int64_t{kernel[0]} * kernel[1] * input[2];
  switch (type) {
    case LayerType::kDense:
      return std::int64_t{n_in} * n_out;
    case LayerType::kConv1D:
    case LayerType::kConv2D:
      return window * filters;
    case LayerType::kDepthwiseConv2D:
      return window;
    case LayerType::kSeparableConv2D:
      return window + std::int64_t{input[2]} * filters;
    default:
      return 0;
  }
}

int Layer::fan_in() const noexcept {
  switch (type) {
    case LayerType::kDense:
      return n_in;
    case LayerType::kSeparableConv2D:
      return input[2];
    default:
      return is_convolution() ? kernel[0] * kernel[1] * input[2] : 0;
  }
}

int Layer::fan_out() const noexcept {
  switch (type) {
    case LayerType::kDense:
      return n_out;
    case LayerType::kDepthwiseConv2D:
      return 1;
    default:
      return is_convolution() ? filters : 0;
  }
}

std::array<int, 2> Layer::padded_size() const noexcept {
  std::array<int, 2> size{input[0], input[1]};
  if (padding == Padding::kValid) return size;
  const std::array<int, 2> output = output_size();
  for (std::size_t axis = 0; axis < 2; ++axis) {
    size[axis] = std::max(size[axis], (output[axis] - 1) * stride[axis] + kernel[axis]);
  }
  return size;
}

std::array<int, 2> Layer::output_size() const noexcept {
  if (!is_convolution() && !is_pool()) return {input[0], input[1]};
  std::array<int, 2> size{};
  for (std::size_t axis = 0; axis < 2; ++axis) {
    size[axis] = padding == Padding::kSame
                     ? ceil_div(input[axis], stride[axis])
                     : floor_div(input[axis] - kernel[axis], stride[axis]) + 1;
  }
  return size;
}

int Layer::output_channels() const noexcept {
  const bool mixes = type == LayerType::kConv1D || type == LayerType::kConv2D ||
                     type == LayerType::kSeparableConv2D;
  return mixes ? filters : input[2];
}

std::int64_t Layer::num_outputs() const noexcept {
  if (type == LayerType::kDense) return n_out;
  if (input[2] == 0) return n_in;
  const auto [height, width] = output_size();
  return std::int64_t{height} * width * output_channels();
}

const char* to_string(IoType io_type) noexcept {
  return io_type == IoType::kParallel ? "io_parallel" : "io_stream";
}

const char* to_string(Backend backend) noexcept {
  return backend == Backend::kVivado ? "Vivado" : "Vitis";
}

const char* to_string(ConvImplementation implementation) noexcept {
  return implementation == ConvImplementation::kLineBuffer ? "LineBuffer" : "Encoded";
}

const char* to_string(Strategy strategy) noexcept {
  switch (strategy) {
    case Strategy::kLatency:
      return "Latency";
    case Strategy::kResource:
      return "Resource";
    case Strategy::kResourceUnrolled:
      return "ResourceUnrolled";
  }
  return "";
}

const char* to_string(LayerType type) noexcept {
  switch (type) {
    case LayerType::kDense:
      return "Dense";
    case LayerType::kConv1D:
      return "Conv1D";
    case LayerType::kConv2D:
      return "Conv2D";
    case LayerType::kDepthwiseConv2D:
      return "DepthwiseConv2D";
    case LayerType::kSeparableConv2D:
      return "SeparableConv2D";
    case LayerType::kMaxPooling:
      return "MaxPooling2D";
    case LayerType::kAveragePooling:
      return "AveragePooling2D";
    case LayerType::kBatchNormalization:
      return "BatchNormalization";
    case LayerType::kActivation:
      return "Activation";
    case LayerType::kFlatten:
      return "Flatten";
  }
  return "";
}

const char* to_string(Activation activation) noexcept {
  switch (activation) {
    case Activation::kLinear:
      return "linear";
    case Activation::kRelu:
      return "relu";
    case Activation::kSigmoid:
      return "sigmoid";
    case Activation::kTanh:
      return "tanh";
    case Activation::kSoftmax:
      return "softmax";
  }
  return "";
}

}  // namespace espalier::resource_model
