// Pools as hls4ml's code has them. A mean is the sum in the accumulator's type, divided by the
// number of pixels with the quotient cut off towards zero. Under 'same' padding a maximum sees, in
// the padding, the number with the leading bit set alone: the smallest one of a signed type, but
// not of an unsigned one.

#include <algorithm>
#include <string>
#include <vector>

#include "espalier/support/error.hpp"

#include "fixed_point/quantizer.hpp"
#include "fixed_point/step.hpp"
#include "fixed_point/window_positions.hpp"

namespace espalier::pruning {
namespace {

using resource_model::Layer;
using resource_model::LayerType;

class PoolStep final : public FixedPointStep {
 public:
  PoolStep(const Layer& layer, const LayerTypes& types)
      : FixedPointStep(static_cast<std::size_t>(layer.input[0]) *
                           static_cast<std::size_t>(layer.input[1]) *
                           static_cast<std::size_t>(layer.input[2]),
                       static_cast<std::size_t>(layer.num_outputs())),
        layer_(layer),
        padding_(leading_padding(layer)),
        to_accum_(types.input.fraction_bits(), types.accum),
        to_sum_(types.accum.fraction_bits(), types.sum) {
    const std::int64_t leading_bit = std::int64_t{1} << (types.input.width_bits - 1);
    pad_ = types.input.is_signed ? -leading_bit : leading_bit;
  }

  void run(const std::int64_t* in, std::int64_t* out) const override {
    const auto [height, width] = layer_.output_size();
    const auto channels = static_cast<std::size_t>(layer_.input[2]);
    std::vector<std::int64_t> window;
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        for (std::size_t c = 0; c < channels; ++c) {
          window.clear();
          std::int64_t padded = 0;
          for_each_in_window(layer_, padding_, y, x, [&](int, int pixel) {
            if (pixel < 0) {
              ++padded;
            } else {
              window.push_back(in[static_cast<std::size_t>(pixel) * channels + c]);
            }
          });
          *out++ = to_sum_(layer_.type == LayerType::kMaxPooling ? largest(window, padded)
                                                                 : mean(window));
        }
      }
    }
  }

 private:
  std::int64_t largest(const std::vector<std::int64_t>& window, std::int64_t padded) const {
    std::int64_t top = *std::max_element(window.begin(), window.end());
    if (padded > 0) top = std::max(top, pad_);
    return to_accum_(top);
  }

  std::int64_t mean(const std::vector<std::int64_t>& window) const {
    std::int64_t sum = 0;
    for (const std::int64_t value : window) sum = to_accum_.fit(sum + to_accum_(value));
    return to_accum_.fit(sum / static_cast<std::int64_t>(window.size()));
  }

  Layer layer_;
  std::array<int, 2> padding_;
  Quantizer to_accum_;
  Quantizer to_sum_;
  std::int64_t pad_ = 0;
};

}  // namespace

std::unique_ptr<FixedPointStep> make_pool_step(const Layer& layer, const LayerTypes& types) {
  const int widest = std::max(types.accum.width_bits, types.sum.width_bits);
  if (widest > kMaxFixedPointBits) {
    throw Error("layer " + layer.name + " has an accumulator of " + std::to_string(widest) +
                " bits; expected at most " + std::to_string(kMaxFixedPointBits));
  }
  return std::make_unique<PoolStep>(layer, types);
}

}  // namespace espalier::pruning
