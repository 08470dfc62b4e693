// Gradient descent with momentum (Polyak 1964): v = 0.9 v + g, w = w - learning rate * v.
#include "train/optimizer.hpp"

namespace espalier::pruning::nn {
namespace {

constexpr float kMomentum = 0.9F;

class SgdMomentum final : public UpdateRule {
 public:
  explicit SgdMomentum(std::size_t size) : velocity_(size) {}

  void begin_step(double learning_rate) noexcept override {
    learning_rate_ = static_cast<float>(learning_rate);
  }

  void update(float* parameters, const float* gradient, std::size_t begin,
              std::size_t end) noexcept override {
    for (std::size_t i = begin; i < end; ++i) {
      velocity_[i] = kMomentum * velocity_[i] + gradient[i];
      parameters[i] -= learning_rate_ * velocity_[i];
    }
  }

 private:
  std::vector<float> velocity_;
  float learning_rate_ = 0.0F;
};

}  // namespace

std::unique_ptr<UpdateRule> make_sgd_momentum(std::size_t num_parameters) {
  return std::make_unique<SgdMomentum>(num_parameters);
}

std::unique_ptr<UpdateRule> make_update_rule(Optimizer optimizer, std::size_t num_parameters) {
  return optimizer == Optimizer::kAdam ? make_adam(num_parameters)
                                       : make_sgd_momentum(num_parameters);
}

}  // namespace espalier::pruning::nn
