#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "espalier/resource_model/fixed_point.hpp"

namespace espalier::resource_model {

enum class IoType { kParallel, kStream };
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

/// One layer with its sizes, types and folding. Image shapes are height, width, channels.
struct Layer {
  std::string name = {};
  LayerType type = LayerType::kDense;

  int n_in = 0;                            ///< dense: inputs
  int n_out = 0;                           ///< dense: outputs
  std::array<int, 3> input = {0, 0, 0};    ///< images: height, width, channels
  std::array<int, 2> kernel = {1, 1};      ///< convolution or pool window: height, width
  std::array<int, 2> stride = {1, 1};
  int filters = 0;
  Padding padding = Padding::kValid;

  Strategy strategy = Strategy::kLatency;
  int reuse_factor = 1;
  int parallelization_factor = 1;          ///< io_parallel convolutions: pixels computed at once
  FixedPoint weight = {};
  FixedPoint bias = {};
  FixedPoint input_type = {};
  std::optional<FixedPoint> accum = {};         ///< absent: as wide as the exact sum needs
  Activation activation = Activation::kLinear;

  /// Weights of the kernel, bias not counted; 0 for layers without.
  std::int64_t num_weights() const noexcept;
  /// Inputs of one matrix-vector product: n_in, or kernel height * width * channels.
  int fan_in() const noexcept;
  /// Outputs of one matrix-vector product: n_out, or filters.
  int fan_out() const noexcept;
  /// Height and width of the output image.
  std::array<int, 2> output_size() const noexcept;
};

struct Network {
  IoType io_type = IoType::kParallel;
  std::string part = "xcvu9p-flga2104-2-e";
  double clock_ns = 5.0;
  /// false: a list of unrelated layers, with no sizes carried from one to the next.
  bool connected = true;
  std::vector<Layer> layers = {};
};

const char* to_string(IoType io_type) noexcept;
const char* to_string(Strategy strategy) noexcept;
const char* to_string(LayerType type) noexcept;
const char* to_string(Activation activation) noexcept;

}  // namespace espalier::resource_model
