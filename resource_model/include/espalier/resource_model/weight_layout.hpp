#pragma once

#include <cstdint>

#include "espalier/resource_model/network.hpp"

namespace espalier::resource_model {

/// The one place that knows in which order the hardware stores the weights of a layer.
///
/// Frameworks store kernels as (in, out) or (kh, kw, c, f), row-major. hls4ml's Resource strategy
/// transposes to output-major, (out, in) or (f, kh, kw, c), and flattens to the *hardware index*
/// f = o * fan_in + i. Weight f is used in cycle f mod RF by multiplier lane f div RF.
class WeightLayout {
 public:
  explicit WeightLayout(const Layer& layer);

  std::int64_t num_weights() const noexcept { return fan_in_ * fan_out_; }
  /// Index in the framework's kernel of the weight with this hardware index.
  std::int64_t framework_index(std::int64_t hardware_index) const noexcept {
    return (hardware_index % fan_in_) * fan_out_ + hardware_index / fan_in_;
  }
  /// The inverse of framework_index.
  std::int64_t hardware_index(std::int64_t framework_index) const noexcept {
    return (framework_index % fan_out_) * fan_in_ + framework_index / fan_out_;
  }
  std::int64_t lane(std::int64_t hardware_index) const noexcept { return hardware_index / reuse_; }
  std::int64_t cycle(std::int64_t hardware_index) const noexcept { return hardware_index % reuse_; }

 private:
  std::int64_t fan_in_;
  std::int64_t fan_out_;
  std::int64_t reuse_;
};

}  // namespace espalier::resource_model
