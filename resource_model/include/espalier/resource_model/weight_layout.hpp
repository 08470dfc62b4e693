#pragma once

#include <cstdint>

#include "espalier/resource_model/network.hpp"

namespace espalier::resource_model {

/// The one place that knows in which order the hardware stores the weights of a layer.
///
/// Frameworks store kernels as (in, out) or (kh, kw, c, f), row-major. hls4ml's Resource strategy
/// transposes to output-major, (out, in) or (f, kh, kw, c), and flattens to the *hardware index*
/// f = o * fan_in + i. Weight f is used in cycle f mod RF by multiplier lane f div RF.
///
/// Depthwise kernels, (kh, kw, c), are stored as they are. Separable convolutions have two
/// memories: the depthwise kernel comes first in both orders, the pointwise kernel follows.
class WeightLayout {
 public:
  /// The layer must have weights (Layer::has_weights).
  explicit WeightLayout(const Layer& layer);

  std::int64_t num_weights() const noexcept { return num_depthwise_ + fan_in_ * fan_out_; }

  /// Index in the framework's kernel of the weight with this hardware index.
  std::int64_t framework_index(std::int64_t hardware_index) const noexcept {
    const std::int64_t f = hardware_index - num_depthwise_;
    if (f < 0) return hardware_index;
    return num_depthwise_ + (f % fan_in_) * fan_out_ + f / fan_in_;
  }
  /// The inverse of framework_index.
  std::int64_t hardware_index(std::int64_t framework_index) const noexcept {
    const std::int64_t k = framework_index - num_depthwise_;
    if (k < 0) return framework_index;
    return num_depthwise_ + (k % fan_out_) * fan_in_ + k / fan_out_;
  }

  /// Multiplier that handles the weight; the lanes of a pointwise kernel follow those of the
  /// depthwise kernel, the last of which may be short.
  std::int64_t lane(std::int64_t hardware_index) const noexcept {
    const std::int64_t f = hardware_index - num_depthwise_;
    if (f < 0) return hardware_index / reuse_;
    return (num_depthwise_ + reuse_ - 1) / reuse_ + f / reuse_;
  }
  /// Clock cycle, of RF, in which its multiplier handles the weight.
  std::int64_t cycle(std::int64_t hardware_index) const noexcept {
    const std::int64_t f = hardware_index - num_depthwise_;
    return (f < 0 ? hardware_index : f) % reuse_;
  }

 private:
  std::int64_t fan_in_;
  std::int64_t fan_out_;
  std::int64_t reuse_;
  std::int64_t num_depthwise_;  ///< weights of the depthwise kernel in front; 0 unless separable
};

}  // namespace espalier::resource_model
