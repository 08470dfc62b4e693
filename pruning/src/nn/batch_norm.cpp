// Batch normalisation (Ioffe and Szegedy 2015). With x' = (x - m) / s, s = sqrt(v + epsilon):
//   y = scale x' + shift,  dscale = sum dy x',  dshift = sum dy,
//   dx = scale / s (dy - mean(dy) - x' mean(dy x'))   with m and v of the samples,
//   dx = scale / s dy                                 with running m and v.
// The samples are those of one chunk of the batch ("ghost batches": Hoffer, Hubara, Soudry 2017),
// so that threads never wait for one another and their number changes nothing.
#include <cmath>

#include "nn/layer_op.hpp"

namespace espalier::pruning::nn {
namespace {

struct Statistics {
  float mean = 0.0F;
  float variance = 0.0F;
  float inverse_deviation() const noexcept {
    return 1.0F / std::sqrt(variance + BatchNormParameters::kEpsilon);
  }
};

class BatchNorm final : public LayerOp {
 public:
  BatchNorm(int channels, std::ptrdiff_t pixels) : channels_(channels), pixels_(pixels) {}

  void forward(const LayerBuffers& x) const noexcept override {
    for (int c = 0; c < channels_; ++c) {
      const Statistics s = statistics(x, c);
      const float factor = x.kernel[c] * s.inverse_deviation();
      const float offset = x.kernel[channels_ + c] - factor * s.mean;
      for_each_value(x.count, c,
                     [&](std::ptrdiff_t i) { x.output[i] = factor * x.input[i] + offset; });
    }
  }

  void backward(const LayerBuffers& x, const LayerGradientBuffers& g) const noexcept override {
    const float count = static_cast<float>(x.count) * static_cast<float>(pixels_);
    for (int c = 0; c < channels_; ++c) {
      const Statistics s = statistics(x, c);
      const float inverse = s.inverse_deviation();
      double sum = 0.0, product = 0.0;
      for_each_value(x.count, c, [&](std::ptrdiff_t i) {
        sum += static_cast<double>(g.output_gradient[i]);
        product += static_cast<double>(g.output_gradient[i] * ((x.input[i] - s.mean) * inverse));
      });
      g.kernel_gradient[c] = static_cast<float>(product);
      g.kernel_gradient[channels_ + c] = static_cast<float>(sum);
      g.bias_gradient[c] = static_cast<float>(x.count) * s.mean;
      g.bias_gradient[channels_ + c] = static_cast<float>(x.count) * s.variance;
      if (g.input_gradient == nullptr) continue;
      const float factor = x.kernel[c] * inverse;
      const float mean_gradient = x.training ? static_cast<float>(sum) / count : 0.0F;
      const float mean_product = x.training ? static_cast<float>(product) / count : 0.0F;
      for_each_value(x.count, c, [&](std::ptrdiff_t i) {
        const float normalized = (x.input[i] - s.mean) * inverse;
        g.input_gradient[i] =
            factor * (g.output_gradient[i] - mean_gradient - normalized * mean_product);
      });
    }
  }

 private:
  /// Visits the places of a channel: planes of images, or one value per sample.
  template <typename Visit>
  void for_each_value(int count, int channel, const Visit& visit) const noexcept {
    for (int sample = 0; sample < count; ++sample) {
      const std::ptrdiff_t first = (std::ptrdiff_t{sample} * channels_ + channel) * pixels_;
      for (std::ptrdiff_t p = 0; p < pixels_; ++p) visit(first + p);
    }
  }

  /// Sums in double, in two passes: no digits cancel where the mean is large.
  Statistics statistics(const LayerBuffers& x, int channel) const noexcept {
    if (!x.training) return {x.bias[channel], x.bias[channels_ + channel]};
    const double count = static_cast<double>(x.count) * static_cast<double>(pixels_);
    double sum = 0.0;
    for_each_value(x.count, channel,
                   [&](std::ptrdiff_t i) { sum += static_cast<double>(x.input[i]); });
    const double mean = sum / count;
    double squares = 0.0;
    for_each_value(x.count, channel, [&](std::ptrdiff_t i) {
      const double distance = static_cast<double>(x.input[i]) - mean;
      squares += distance * distance;
    });
    return {static_cast<float>(mean), static_cast<float>(squares / count)};
  }

  int channels_;
  std::ptrdiff_t pixels_;
};

}  // namespace

std::unique_ptr<LayerOp> make_batch_norm(const std::vector<int>& input_shape) {
  const std::ptrdiff_t pixels =
      input_shape.size() == 3 ? std::ptrdiff_t{input_shape[0]} * input_shape[1] : 1;
  return std::make_unique<BatchNorm>(input_shape.back(), pixels);
}

}  // namespace espalier::pruning::nn
