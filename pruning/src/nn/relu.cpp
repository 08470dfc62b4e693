// Rectifier, y = max(x, 0), in place; its gradient passes where the output is positive.
#include "nn/layer_op.hpp"
#include "nn/shape.hpp"

namespace espalier::pruning::nn {
namespace {

class Relu final : public LayerOp {
 public:
  explicit Relu(std::ptrdiff_t size) : size_(size) {}

  void forward(const LayerBuffers& x) const noexcept override {
    float* values = x.output;
    for (std::ptrdiff_t i = 0; i < x.count * size_; ++i) {
      values[i] = values[i] > 0.0F ? values[i] : 0.0F;
    }
  }

  void backward(const LayerBuffers& x, const LayerGradientBuffers& g) const noexcept override {
    if (g.input_gradient == nullptr) return;
    const float* values = x.output;
    float* gradient = g.input_gradient;
    for (std::ptrdiff_t i = 0; i < x.count * size_; ++i) {
      gradient[i] = values[i] > 0.0F ? gradient[i] : 0.0F;
    }
  }

  bool works_in_place() const noexcept override { return true; }

 private:
  std::ptrdiff_t size_;
};

}  // namespace

std::unique_ptr<LayerOp> make_relu(const std::vector<int>& input_shape) {
  return std::make_unique<Relu>(static_cast<std::ptrdiff_t>(shape_size(input_shape)));
}

}  // namespace espalier::pruning::nn
