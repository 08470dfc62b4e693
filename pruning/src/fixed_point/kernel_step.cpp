// Products, sums and rounding in the order in which hls4ml's code has them: every product is
// brought into the accumulator's type, then added to it. The order of the terms matters only for
// accumulators that saturate; strategy Resource visits them cycle by cycle.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "espalier/resource_model/weight_layout.hpp"
#include "espalier/support/error.hpp"

#include "fixed_point/quantizer.hpp"
#include "fixed_point/step.hpp"
#include "fixed_point/window_positions.hpp"

namespace espalier::pruning {
namespace {

using resource_model::FixedPoint;
using resource_model::Layer;
using resource_model::LayerType;

/// As hls4ml hands coefficients over: printed with as many decimals as the type has bits behind the
/// point, and read again. Numbers just below a multiple of the unit move up to it.
std::int64_t coefficient(float value, const FixedPoint& type) {
  char text[1280];  // 1024 decimals at most, and 39 digits before the point
  std::snprintf(text, sizeof text, "%.*f", std::clamp(type.fraction_bits(), 0, 1100),
                static_cast<double>(value));
  return Quantizer::from_value(std::strtod(text, nullptr), type);
}

void require_narrow(const Layer& layer, int bits, const char* what) {
  if (bits <= kMaxFixedPointBits) return;
  throw Error("layer " + layer.name + " has " + what + " of " + std::to_string(bits) +
              " bits; expected at most " + std::to_string(kMaxFixedPointBits));
}

/// Positions of a row of the kernel in the order in which they are multiplied.
std::vector<std::size_t> term_order(const Layer& layer) {
  const auto terms = static_cast<std::size_t>(layer.fan_in());
  const bool goes_by_cycles = layer.strategy != resource_model::Strategy::kLatency;
  const auto reuse = static_cast<std::size_t>(goes_by_cycles ? layer.reuse_factor : 1);
  std::vector<std::size_t> order;
  const std::size_t cycles = std::min(reuse, terms);
  for (std::size_t first = 0; first < cycles; ++first) {
    for (std::size_t i = first; i < terms; i += cycles) order.push_back(i);
  }
  return order;
}

class KernelStep final : public FixedPointStep {
 public:
  KernelStep(const Layer& layer, const LayerTypes& types, std::span<const float> kernel,
             std::span<const float> bias)
      : FixedPointStep(inputs_of(layer), static_cast<std::size_t>(layer.num_outputs())),
        layer_(layer),
        padding_(leading_padding(layer)),
        terms_(static_cast<std::size_t>(layer.fan_in())),
        to_accum_(layer.weight.fraction_bits() + types.input.fraction_bits(), types.accum),
        to_sum_(types.accum.fraction_bits(), types.sum) {
    const resource_model::WeightLayout layout(layer);
    for (std::int64_t f = 0; f < layout.num_weights(); ++f) {
      const auto index = static_cast<std::size_t>(layout.framework_index(f));
      weights_.push_back(coefficient(kernel[index], layer.weight));
    }
    const Quantizer bias_to_accum(layer.bias.fraction_bits(), types.accum);
    for (const float value : bias) {
      bias_.push_back(bias_to_accum(coefficient(value, layer.bias)));
    }
    if (!to_accum_.is_modular()) order_ = term_order(layer);
  }

  void run(const std::int64_t* in, std::int64_t* out) const override {
    if (layer_.type == LayerType::kDense) {
      multiply(in, out);
      return;
    }
    const auto [height, width] = layer_.output_size();
    const auto channels = static_cast<std::size_t>(layer_.input[2]);
    std::vector<std::int64_t> patch(terms_);
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x, out += bias_.size()) {
        for_each_in_window(layer_, padding_, y, x, [&](int element, int pixel) {
          std::int64_t* const to = patch.data() + static_cast<std::size_t>(element) * channels;
          if (pixel < 0) {
            std::fill_n(to, channels, 0);
          } else {
            std::copy_n(in + static_cast<std::size_t>(pixel) * channels, channels, to);
          }
        });
        multiply(patch.data(), out);
      }
    }
  }

 private:
  static std::size_t inputs_of(const Layer& layer) {
    if (layer.type == LayerType::kDense) return static_cast<std::size_t>(layer.n_in);
    return static_cast<std::size_t>(layer.input[0]) * static_cast<std::size_t>(layer.input[1]) *
           static_cast<std::size_t>(layer.input[2]);
  }

  void multiply(const std::int64_t* in, std::int64_t* out) const {
    const std::int64_t* weights = weights_.data();
    for (std::size_t o = 0; o < bias_.size(); ++o, weights += terms_) {
      out[o] = to_sum_(order_.empty() ? modular_sum(in, weights, bias_[o])
                                      : stepwise_sum(in, weights, bias_[o]));
    }
  }

  /// Modulo 2^64 throughout, and into the accumulator's range in the end.
  std::int64_t modular_sum(const std::int64_t* in, const std::int64_t* weights,
                           std::int64_t bias) const {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < terms_; ++i) {
      sum += static_cast<std::uint64_t>(in[i]) * static_cast<std::uint64_t>(weights[i]);
    }
    const auto products = static_cast<std::uint64_t>(to_accum_(static_cast<std::int64_t>(sum)));
    return to_accum_.fit(static_cast<std::int64_t>(products + static_cast<std::uint64_t>(bias)));
  }

  std::int64_t stepwise_sum(const std::int64_t* in, const std::int64_t* weights,
                            std::int64_t bias) const {
    std::int64_t sum = bias;
    for (const std::size_t i : order_) sum = to_accum_.fit(sum + to_accum_(in[i] * weights[i]));
    return sum;
  }

  Layer layer_;
  std::array<int, 2> padding_;
  std::size_t terms_;
  Quantizer to_accum_;
  Quantizer to_sum_;
  std::vector<std::int64_t> weights_;  ///< hardware order: one row per output
  std::vector<std::int64_t> bias_;     ///< in units of the accumulator
  std::vector<std::size_t> order_;     ///< empty where it does not matter
};

}  // namespace

std::unique_ptr<FixedPointStep> make_kernel_step(const Layer& layer, const LayerTypes& types,
                                                 std::span<const float> kernel,
                                                 std::span<const float> bias) {
  require_narrow(layer, layer.weight.width_bits + types.input.width_bits, "products");
  require_narrow(layer, types.accum.width_bits, "an accumulator");
  require_narrow(layer, types.sum.width_bits, "a sum");
  require_narrow(layer, layer.bias.width_bits, "a bias");
  return std::make_unique<KernelStep>(layer, types, kernel, bias);
}

}  // namespace espalier::pruning
