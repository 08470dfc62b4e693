// Largest value under each window, padding left out; the gradient goes to the first largest one.
#include <algorithm>

#include "nn/layer_op.hpp"
#include "nn/window.hpp"

namespace espalier::pruning::nn {
namespace {

class MaxPool final : public LayerOp {
 public:
  explicit MaxPool(const WindowGeometry& geometry) : g_(geometry) {}

  void forward(const LayerBuffers& x) const noexcept override {
    const int planes = x.count * g_.channels;
    for (int plane = 0; plane < planes; ++plane) {
      const std::ptrdiff_t out = std::ptrdiff_t{plane} * g_.out_pixels();
      pool_plane(x.input + std::ptrdiff_t{plane} * g_.in_pixels(), x.output + out, x.indices + out);
    }
  }

  void backward(const LayerBuffers& x, const LayerGradientBuffers& g) const noexcept override {
    if (g.input_gradient == nullptr) return;
    const int planes = x.count * g_.channels;
    std::fill_n(g.input_gradient, std::ptrdiff_t{planes} * g_.in_pixels(), 0.0F);
    for (int plane = 0; plane < planes; ++plane) {
      const std::ptrdiff_t out = std::ptrdiff_t{plane} * g_.out_pixels();
      float* input_gradient = g.input_gradient + std::ptrdiff_t{plane} * g_.in_pixels();
      for (int p = 0; p < g_.out_pixels(); ++p) {
        input_gradient[x.indices[out + p]] += g.output_gradient[out + p];
      }
    }
  }

  std::size_t indices_per_sample() const noexcept override {
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

  WindowGeometry g_;
};

}  // namespace

std::unique_ptr<LayerOp> make_max_pool(const std::vector<int>& input_shape, const NetLayer& layer) {
  return std::make_unique<MaxPool>(window_geometry(input_shape, layer));
}

}  // namespace espalier::pruning::nn
