// Adam (Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015, algorithm 1) with the
// constants that they propose.
#include <cmath>

#include "train/optimizer.hpp"

namespace espalier::pruning::nn {
namespace {

constexpr float kMeanDecay = 0.9F;
constexpr float kSquareDecay = 0.999F;
constexpr float kEpsilon = 1e-8F;
// Averages below this are set to zero: the gradients of a dead unit would otherwise decay into
// denormal numbers, which many processors handle a hundred times slower.
constexpr float kSmallest = 1e-30F;

class Adam final : public UpdateRule {
 public:
  explicit Adam(std::size_t size) : mean_(size), square_(size) {}

  void begin_step(double learning_rate) noexcept override {
    mean_power_ *= static_cast<double>(kMeanDecay);
    square_power_ *= static_cast<double>(kSquareDecay);
    step_size_ = static_cast<float>(learning_rate / (1.0 - mean_power_));
    square_correction_ = static_cast<float>(1.0 / (1.0 - square_power_));
  }

  void update(float* parameters, const float* gradient, std::size_t begin,
              std::size_t end) noexcept override {
    for (std::size_t i = begin; i < end; ++i) {
      const float g = gradient[i];
      const float mean = kMeanDecay * mean_[i] + (1.0F - kMeanDecay) * g;
      const float square = kSquareDecay * square_[i] + (1.0F - kSquareDecay) * g * g;
      mean_[i] = std::fabs(mean) < kSmallest ? 0.0F : mean;
      square_[i] = square < kSmallest ? 0.0F : square;
      parameters[i] -=
          step_size_ * mean_[i] / (std::sqrt(square_[i] * square_correction_) + kEpsilon);
    }
  }

 private:
  std::vector<float> mean_, square_;
  double mean_power_ = 1.0, square_power_ = 1.0;
  float step_size_ = 0.0F, square_correction_ = 1.0F;
};

}  // namespace

std::unique_ptr<UpdateRule> make_adam(std::size_t num_parameters) {
  return std::make_unique<Adam>(num_parameters);
}

}  // namespace espalier::pruning::nn
