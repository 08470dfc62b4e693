// Mean under each window; padding counts neither in the sum nor in the divisor, as in Keras.
#include <algorithm>

#include "nn/layer_op.hpp"
#include "nn/window.hpp"

namespace espalier::pruning::nn {
namespace {

class AveragePool final : public LayerOp {
 public:
  explicit AveragePool(const WindowGeometry& geometry) : g_(geometry) {}

  void forward(const LayerBuffers& x) const noexcept override {
    float* output = x.output;
    for_each_window(x.count, [&](std::ptrdiff_t plane, const Window& w) {
      float sum = 0.0F;
      for (int y = w.first_y; y < w.last_y; ++y) {
        for (int i = w.first_x; i < w.last_x; ++i) sum += x.input[plane + y * g_.in_width + i];
      }
      *output++ = sum * w.weight();
    });
  }

  void backward(const LayerBuffers& x, const LayerGradientBuffers& g) const noexcept override {
    if (g.input_gradient == nullptr) return;
    std::fill_n(g.input_gradient, std::ptrdiff_t{x.count} * g_.channels * g_.in_pixels(), 0.0F);
    const float* output_gradient = g.output_gradient;
    for_each_window(x.count, [&](std::ptrdiff_t plane, const Window& w) {
      const float share = *output_gradient++ * w.weight();
      for (int y = w.first_y; y < w.last_y; ++y) {
        for (int i = w.first_x; i < w.last_x; ++i) {
          g.input_gradient[plane + y * g_.in_width + i] += share;
        }
      }
    });
  }

 private:
  struct Window {
    int first_y, last_y, first_x, last_x;
    float weight() const noexcept {
      return 1.0F / static_cast<float>((last_y - first_y) * (last_x - first_x));
    }
  };

  /// Windows in the order of the outputs, each cut to the input.
  template <typename Visit>
  void for_each_window(int count, const Visit& visit) const noexcept {
    for (int plane = 0; plane < count * g_.channels; ++plane) {
      for (int y = 0; y < g_.out_height; ++y) {
        const int top = y * g_.stride_y - g_.pad_top;
        for (int x = 0; x < g_.out_width; ++x) {
          const int left = x * g_.stride_x - g_.pad_left;
          visit(std::ptrdiff_t{plane} * g_.in_pixels(),
                Window{std::max(top, 0), std::min(top + g_.height, g_.in_height), std::max(left, 0),
                       std::min(left + g_.width, g_.in_width)});
        }
      }
    }
  }

  WindowGeometry g_;
};

}  // namespace

std::unique_ptr<LayerOp> make_average_pool(const std::vector<int>& input_shape,
                                           const NetLayer& layer) {
  return std::make_unique<AveragePool>(window_geometry(input_shape, layer));
}

}  // namespace espalier::pruning::nn
