// Rectifier, y = max(x, 0), in place; its gradient passes where the output is positive.
#include "nn/layer_op.hpp"
#include "nn/shape.hpp"

namespace espalier::pruning::nn {
namespace {

class Relu final : public LayerOp {
 public:
  explicit Relu(std::ptrdiff_t size) : size_(size) {}

  void forward(const LayerBuffers& x) const noexcept override {
    for (std::ptrdiff_t i = 0; i < x.count * size_; ++i) {
      x.output[i] = x.input[i] > 0.0F ? x.input[i] : 0.0F;
    }
  }

  void backward(const LayerBuffers& x, const LayerGradientBuffers& g) const noexcept override {
    if (g.input_gradient == nullptr) return;
    for (std::ptrdiff_t i = 0; i < x.count * size_; ++i) {
      g.input_gradient[i] = x.output[i] > 0.0F ? g.output_gradient[i] : 0.0F;
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
