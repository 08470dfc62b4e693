#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace espalier::pruning::nn {

/// Largest height, width, channel count, unit count, window or stride: products of three stay far
/// below 63 bits.
inline constexpr int kMaxExtent = 1 << 20;

/// Values of a shape; 64 bits cannot overflow for extents up to kMaxExtent.
inline std::int64_t shape_size(const std::vector<int>& shape) noexcept {
  std::int64_t size = 1;
  for (const int extent : shape) size *= extent;
  return size;
}

/// "28x28x1".
inline std::string shape_text(const std::vector<int>& shape) {
  std::string text;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (i > 0) text += 'x';
    text += std::to_string(shape[i]);
  }
  return text;
}

}  // namespace espalier::pruning::nn
