// Planar images to flat vectors in the order (row, column, channel) of Keras.
#include <algorithm>

#include "nn/layer_op.hpp"

namespace espalier::pruning::nn {
namespace {

class Flatten final : public LayerOp {
 public:
  Flatten(int channels, std::ptrdiff_t pixels) : channels_(channels), pixels_(pixels) {}

  void forward(const LayerBuffers& x) const noexcept override {
    const std::ptrdiff_t size = channels_ * pixels_;
    for (int s = 0; s < x.count; ++s) {
      const float* planes = x.input + s * size;
      float* flat = x.output + s * size;
      for (std::ptrdiff_t p = 0; p < pixels_; ++p) {
        for (int c = 0; c < channels_; ++c) flat[p * channels_ + c] = planes[c * pixels_ + p];
      }
    }
  }

  void backward(const LayerBuffers& x, const LayerGradientBuffers& g) const noexcept override {
    if (g.input_gradient == nullptr) return;
    const std::ptrdiff_t size = channels_ * pixels_;
    for (int s = 0; s < x.count; ++s) {
      const float* flat = g.output_gradient + s * size;
      float* planes = g.input_gradient + s * size;
      for (int c = 0; c < channels_; ++c) {
        for (std::ptrdiff_t p = 0; p < pixels_; ++p) {
          planes[c * pixels_ + p] = flat[p * channels_ + c];
        }
      }
    }
  }

 private:
  int channels_;
  std::ptrdiff_t pixels_;
};

}  // namespace

std::unique_ptr<LayerOp> make_flatten(const std::vector<int>& input_shape) {
  if (input_shape.size() == 1) return std::make_unique<Flatten>(1, input_shape[0]);
  return std::make_unique<Flatten>(input_shape[2], std::ptrdiff_t{input_shape[0]} * input_shape[1]);
}

}  // namespace espalier::pruning::nn
