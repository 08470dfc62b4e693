// Largest value under each window, padding left out; the gradient goes to the first largest one.
#include <algorithm>

#include "nn/layer_op.hpp"
#include "nn/window.hpp"

namespace espalier::pruning::nn {
namespace {

class MaxPool final : public LayerOp {
 public:
  explicit MaxPool(const WindowGeometry& geometry)
      : g_(geometry),
        halves_(g_.height == 2 && g_.width == 2 && g_.stride_y == 2 && g_.stride_x == 2 &&
                2 * g_.out_height <= g_.in_height && 2 * g_.out_width <= g_.in_width) {}

  void forward(const LayerBuffers& x) const noexcept override {
    for (int plane = 0; plane < x.count * g_.channels; ++plane) {
      const float* input = x.input + std::ptrdiff_t{plane} * g_.in_pixels();
      const std::ptrdiff_t out = std::ptrdiff_t{plane} * g_.out_pixels();
      if (halves_) {
        halve_plane(input, x.output + out);
      } else {
        pool_plane(input, x.output + out, x.indices + out);
      }
    }
  }

  void backward(const LayerBuffers& x, const LayerGradientBuffers& g) const noexcept override {
    if (g.input_gradient == nullptr) return;
    const int planes = x.count * g_.channels;
    std::fill_n(g.input_gradient, std::ptrdiff_t{planes} * g_.in_pixels(), 0.0F);
    for (int plane = 0; plane < planes; ++plane) {
      const std::ptrdiff_t in = std::ptrdiff_t{plane} * g_.in_pixels();
      const std::ptrdiff_t out = std::ptrdiff_t{plane} * g_.out_pixels();
      if (halves_) {
        spread_plane(x.input + in, g.output_gradient + out, g.input_gradient + in);
        continue;
      }
      for (int p = 0; p < g_.out_pixels(); ++p) {
        g.input_gradient[in + x.indices[out + p]] += g.output_gradient[out + p];
      }
    }
  }

  std::size_t indices_per_sample() const noexcept override {
    if (halves_) return 0;
    return static_cast<std::size_t>(g_.channels) * static_cast<std::size_t>(g_.out_pixels());
  }

 private:
  void pool_plane(const float* input, float* output, std::int32_t* indices) const noexcept {
    for (int y = 0; y < g_.out_height; ++y) {
      const int top = y * g_.stride_y - g_.pad_top;
      const int first_y = std::max(top, 0), last_y = std::min(top + g_.height, g_.in_height);
      for (int x = 0; x < g_.out_width; ++x) {
        const int left = x * g_.stride_x - g_.pad_left;
        const int first_x = std::max(left, 0), last_x = std::min(left + g_.width, g_.in_width);
        int best = first_y * g_.in_width + first_x;
        for (int in_y = first_y; in_y < last_y; ++in_y) {
          for (int in_x = first_x; in_x < last_x; ++in_x) {
            const int candidate = in_y * g_.in_width + in_x;
            best = input[candidate] > input[best] ? candidate : best;
          }
        }
        *output++ = input[best];
        *indices++ = best;
      }
    }
  }

  /// The usual 2x2 pool, without branches and indices: compilers make vector code of it.
  void halve_plane(const float* input, float* output) const noexcept {
    for (int y = 0; y < g_.out_height; ++y, output += g_.out_width) {
      const float* upper = input + std::ptrdiff_t{2} * y * g_.in_width;
      const float* lower = upper + g_.in_width;
      for (int x = 0; x < g_.out_width; ++x) {
        const float top = std::max(upper[2 * x], upper[2 * x + 1]);
        const float bottom = std::max(lower[2 * x], lower[2 * x + 1]);
        output[x] = std::max(top, bottom);
      }
    }
  }

  /// Its way back: finds the largest again, from the inputs.
  void spread_plane(const float* input, const float* output_gradient,
                    float* input_gradient) const noexcept {
    for (int y = 0; y < g_.out_height; ++y, output_gradient += g_.out_width) {
      const std::ptrdiff_t row = std::ptrdiff_t{2} * y * g_.in_width;
      const float* upper = input + row;
      const float* lower = upper + g_.in_width;
      float* to_upper = input_gradient + row;
      float* to_lower = to_upper + g_.in_width;
      for (int x = 0; x < g_.out_width; ++x) {
        const float a = upper[2 * x], b = upper[2 * x + 1], c = lower[2 * x], d = lower[2 * x + 1];
        const bool is_lower = std::max(c, d) > std::max(a, b);
        const float top = is_lower ? 0.0F : output_gradient[x];
        const float bottom = is_lower ? output_gradient[x] : 0.0F;
        to_upper[2 * x] = b > a ? 0.0F : top;
        to_upper[2 * x + 1] = b > a ? top : 0.0F;
        to_lower[2 * x] = d > c ? 0.0F : bottom;
        to_lower[2 * x + 1] = d > c ? bottom : 0.0F;
      }
    }
  }

  WindowGeometry g_;
  bool halves_;  ///< 2x2 windows side by side, no padding
};

}  // namespace

std::unique_ptr<LayerOp> make_max_pool(const std::vector<int>& input_shape, const NetLayer& layer) {
  return std::make_unique<MaxPool>(window_geometry(input_shape, layer));
}

}  // namespace espalier::pruning::nn
