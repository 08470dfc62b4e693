#pragma once

#include <vector>

#include "espalier/pruning/sequential.hpp"

namespace espalier::pruning::nn {

/// Where the windows of a convolution or pool lie on their input planes.
struct WindowGeometry {
  int channels = 0;
  int in_height = 0, in_width = 0;
  int out_height = 0, out_width = 0;
  int height = 0, width = 0;  ///< of the window
  int stride_y = 1, stride_x = 1;
  int pad_top = 0, pad_left = 0;  ///< the smaller half of the padding, as in TensorFlow

  int in_pixels() const noexcept { return in_height * in_width; }
  int out_pixels() const noexcept { return out_height * out_width; }
  /// Inputs of one window over all channels.
  int depth() const noexcept { return height * width * channels; }
};

/// Throws Error naming the layer when the input is not an image or no window fits into it.
WindowGeometry window_geometry(const std::vector<int>& input_shape, const NetLayer& layer);

}  // namespace espalier::pruning::nn
