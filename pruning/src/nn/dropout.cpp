// Dropout (Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov 2014) in the inverted form:
// values that stay are scaled by 1 / (1 - rate), so that nothing is left to do after training.
// Which values stay is a function of the noise and the position, so that nothing has to be stored.
#include <cstdint>

#include "nn/layer_op.hpp"
#include "nn/noise.hpp"
#include "nn/shape.hpp"

namespace espalier::pruning::nn {
namespace {

class Dropout final : public LayerOp {
 public:
  Dropout(std::ptrdiff_t size, float rate)
      : size_(size),
        threshold_(static_cast<std::uint32_t>(static_cast<double>(rate) * 4294967296.0)),
        factor_(1.0F / (1.0F - rate)) {}

  void forward(const LayerBuffers& x) const noexcept override { drop(x, x.output); }

  void backward(const LayerBuffers& x, const LayerGradientBuffers& g) const noexcept override {
    if (g.input_gradient != nullptr) drop(x, g.input_gradient);
  }

  bool works_in_place() const noexcept override { return true; }

 private:
  void drop(const LayerBuffers& x, float* values) const noexcept {
    if (!x.training) return;
    for (std::ptrdiff_t i = 0; i < x.count * size_; ++i) {
      const auto draw =
          static_cast<std::uint32_t>(mix_noise(x.noise + static_cast<std::uint64_t>(i)) >> 32);
      values[i] = draw < threshold_ ? 0.0F : values[i] * factor_;
    }
  }

  std::ptrdiff_t size_;
  std::uint32_t threshold_;
  float factor_;
};

}  // namespace

std::unique_ptr<LayerOp> make_dropout(const std::vector<int>& input_shape, float rate) {
  return std::make_unique<Dropout>(static_cast<std::ptrdiff_t>(shape_size(input_shape)), rate);
}

}  // namespace espalier::pruning::nn
