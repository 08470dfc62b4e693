#include "train/augment.hpp"

#include <algorithm>

#include "nn/noise.hpp"

namespace espalier::pruning::nn {

void augment(const Augmentation& augmentation, const std::vector<int>& shape, const float* image,
             std::uint64_t noise, float* to) noexcept {
  const int height = shape[0], width = shape[1], channels = shape[2];
  const auto range = static_cast<std::uint64_t>(2 * augmentation.max_shift + 1);
  const std::uint64_t draw = mix_noise(noise);
  const int down = static_cast<int>((draw & 0xffff) % range) - augmentation.max_shift;
  const int right = static_cast<int>((draw >> 16 & 0xffff) % range) - augmentation.max_shift;
  const bool mirror = augmentation.mirrors && (draw >> 63) != 0;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x, to += channels) {
      const int from_y = y - down;
      const int shifted = x - right;
      if (from_y < 0 || from_y >= height || shifted < 0 || shifted >= width) {
        std::fill_n(to, channels, 0.0F);
        continue;
      }
      const int from_x = mirror ? width - 1 - shifted : shifted;
      std::copy_n(image + (std::ptrdiff_t{from_y} * width + from_x) * channels, channels, to);
    }
  }
}

}  // namespace espalier::pruning::nn
