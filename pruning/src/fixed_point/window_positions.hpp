#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "espalier/resource_model/network.hpp"

namespace espalier::pruning {

/// Zeros that padding adds above and left of an image: the smaller half, as in TensorFlow.
inline std::array<int, 2> leading_padding(const resource_model::Layer& layer) {
  std::array<int, 2> padding{};
  if (layer.padding == resource_model::Padding::kValid) return padding;
  const auto outputs = layer.output_size();
  for (std::size_t axis = 0; axis < 2; ++axis) {
    const int covered = (outputs[axis] - 1) * layer.stride[axis] + layer.kernel[axis];
    padding[axis] = std::max(covered - layer.input[axis], 0) / 2;
  }
  return padding;
}

/// Calls visit(window element, pixel) for every element of the window at output (y, x); the pixel
/// is -1 where the element lies in the padding.
template <typename Visit>
void for_each_in_window(const resource_model::Layer& layer, const std::array<int, 2>& padding,
                        int y, int x, const Visit& visit) {
  int element = 0;
  for (int dy = 0; dy < layer.kernel[0]; ++dy) {
    const int row = y * layer.stride[0] + dy - padding[0];
    for (int dx = 0; dx < layer.kernel[1]; ++dx) {
      const int column = x * layer.stride[1] + dx - padding[1];
      const bool is_inside =
          row >= 0 && row < layer.input[0] && column >= 0 && column < layer.input[1];
      visit(element++, is_inside ? row * layer.input[1] + column : -1);
    }
  }
}

}  // namespace espalier::pruning
