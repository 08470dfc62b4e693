#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "espalier/resource_model/fixed_point.hpp"

namespace espalier::resource_model {

enum class IoType { kParallel, kStream };
/// The tool that hls4ml writes for; they differ in how io_stream carries the channels of a pixel.
enum class Backend {
  kVivado,  ///< Vivado HLS, up to 2020.1: one queue per channel
  kVitis,   ///< Vitis HLS, from 2020.2: one queue for all channels
};
enum class Strategy { kLatency, kResource, kResourceUnrolled };

/// What hls4ml calls a layer, as far as resources are concerned.
enum class LayerType {
  kDense,
  kConv1D,
  kConv2D,
  kDepthwiseConv2D,
  kSeparableConv2D,
  kMaxPooling,
  kAveragePooling,
  kBatchNormalization,
  kActivation,
  kFlatten,
};

enum class Activation { kLinear, kRelu, kSigmoid, kTanh, kSoftmax };
enum class Padding { kValid, kSame };
/// How io_stream convolutions and pools keep the pixels of a window.
enum class ConvImplementation {
  kLineBuffer,  ///< shift registers as long as a row, hls4ml's default
  kEncoded,     ///< one queue per value of the window
};

/// One layer with its sizes, types and folding. Image shapes are height, width, channels; the
/// sequences of a Conv1D are images of height 1.
struct Layer {
  std::string name = {};
  LayerType type = LayerType::kDense;

  int n_in = 0;                          ///< dense: inputs
  int n_out = 0;                         ///< dense: outputs
  std::array<int, 3> input = {0, 0, 0};  ///< images: height, width, channels
  std::array<int, 2> kernel = {1, 1};    ///< convolution or pool window: height, width
  std::array<int, 2> stride = {1, 1};
  int filters = 0;
  Padding padding = Padding::kValid;

  Strategy strategy = Strategy::kLatency;
  int reuse_factor = 1;
  int parallelization_factor = 1;  ///< io_parallel convolutions: pixels computed at once
  ConvImplementation conv_implementation = ConvImplementation::kLineBuffer;
  int packets = 1;  ///< io_stream dense layers: beats in which the inputs arrive,
                    ///< one per pixel of a flattened image
  FixedPoint weight = {};
  FixedPoint bias = {};
  FixedPoint input_type = {};
  FixedPoint result = {};                ///< type of the layer's outputs
  std::optional<FixedPoint> accum = {};  ///< absent: as wide as the exact sum needs
  Activation activation = Activation::kLinear;
  /// Share of the values behind the activation that training drops, in [0, 1); no hardware.
  double dropout_rate = 0.0;

  /// Whether the layer has a kernel: dense layers and convolutions.
  bool has_weights() const noexcept;
  /// Whether the layer slides a window over an image to pool it.
  bool is_pool() const noexcept;
  /// Whether the layer is a convolution of any kind.
  bool is_convolution() const noexcept;
  /// Weights of the kernel, bias not counted; 0 for layers without. A separable convolution has the
  /// depthwise kernel first and the pointwise kernel after it.
  std::int64_t num_weights() const noexcept;
  /// Inputs of one matrix-vector product: n_in, or kernel height * width * channels. Separable
  /// convolutions: of the pointwise product, so channels.
  int fan_in() const noexcept;
  /// Outputs of one matrix-vector product: n_out, or filters; 1 for depthwise convolutions, where
  /// no output shares its inputs with another.
  int fan_out() const noexcept;
  /// Values that leave the layer for one input: n_out, or height * width * channels.
  std::int64_t num_outputs() const noexcept;
  /// Channels of the output image.
  int output_channels() const noexcept;
  /// Height and width of the input image with the zeros that padding adds.
  std::array<int, 2> padded_size() const noexcept;
  /// Height and width of the output image.
  std::array<int, 2> output_size() const noexcept;
};

struct Network {
  IoType io_type = IoType::kParallel;
  Backend backend = Backend::kVivado;
  std::string part = "xcvu9p-flga2104-2-e";
  double clock_ns = 5.0;
  /// false: a list of unrelated layers, with no sizes carried from one to the next.
  bool connected = true;
  double input_dropout_rate = 0.0;  ///< of the first layer's inputs, see Layer::dropout_rate
  std::vector<Layer> layers = {};
};

/// Dropout twice in a row is one whose rate is this: a value must survive both.
constexpr double joint_dropout_rate(double first, double second) noexcept {
  return 1.0 - (1.0 - first) * (1.0 - second);
}

const char* to_string(IoType io_type) noexcept;
const char* to_string(Backend backend) noexcept;
const char* to_string(ConvImplementation implementation) noexcept;
const char* to_string(Strategy strategy) noexcept;
const char* to_string(LayerType type) noexcept;
const char* to_string(Activation activation) noexcept;

}  // namespace espalier::resource_model
