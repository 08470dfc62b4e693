#include "nn/window.hpp"

#include <algorithm>
#include <string>

#include "espalier/support/error.hpp"

#include "nn/shape.hpp"

namespace espalier::pruning::nn {
namespace {

struct Extent {
  int outputs = 0;
  int pad_before = 0;
};

/// Output length and leading padding along one axis. 'Same' keeps ceil(input / stride) outputs and
/// puts the odd padding element behind.
Extent extent(int input, int window, int stride, NetPadding padding) {
  if (padding == NetPadding::kValid) {
    return {input < window ? 0 : (input - window) / stride + 1, 0};
  }
  const int outputs = (input + stride - 1) / stride;
  const int total = std::max((outputs - 1) * stride + window - input, 0);
  return {outputs, total / 2};
}

}  // namespace

WindowGeometry window_geometry(const std::vector<int>& input_shape, const NetLayer& layer) {
  if (input_shape.size() != 3) {
    throw Error("layer '" + layer.name + "' has an input of shape " + shape_text(input_shape) +
                "; expected height x width x channels");
  }
  for (int i = 0; i < 2; ++i) {
    const auto axis = static_cast<std::size_t>(i);
    if (layer.window[axis] < 1 || layer.window[axis] > kMaxExtent || layer.stride[axis] < 1 ||
        layer.stride[axis] > kMaxExtent) {
      throw Error("layer '" + layer.name + "' has window " + std::to_string(layer.window[0]) + "x" +
                  std::to_string(layer.window[1]) + " and stride " +
                  std::to_string(layer.stride[0]) + "x" + std::to_string(layer.stride[1]) +
                  "; expected each to be in 1.." + std::to_string(kMaxExtent));
    }
  }
  const Extent rows = extent(input_shape[0], layer.window[0], layer.stride[0], layer.padding);
  const Extent columns = extent(input_shape[1], layer.window[1], layer.stride[1], layer.padding);
  if (rows.outputs == 0 || columns.outputs == 0) {
    throw Error("layer '" + layer.name + "' has a window of " + std::to_string(layer.window[0]) +
                "x" + std::to_string(layer.window[1]) + " on an input of shape " +
                shape_text(input_shape) + "; expected a window that fits, or 'same' padding");
  }
  return {.channels = input_shape[2],
          .in_height = input_shape[0],
          .in_width = input_shape[1],
          .out_height = rows.outputs,
          .out_width = columns.outputs,
          .height = layer.window[0],
          .width = layer.window[1],
          .stride_y = layer.stride[0],
          .stride_x = layer.stride[1],
          .pad_top = rows.pad_before,
          .pad_left = columns.pad_before};
}

}  // namespace espalier::pruning::nn
