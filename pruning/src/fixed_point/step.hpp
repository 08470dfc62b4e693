#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "espalier/resource_model/network.hpp"

#include "fixed_point/layer_types.hpp"

namespace espalier::pruning {

/// One stage of a network in integers; images are row, column, channel. Immutable.
class FixedPointStep {
 public:
  FixedPointStep(std::size_t num_inputs, std::size_t num_outputs)
      : num_inputs_(num_inputs), num_outputs_(num_outputs) {}
  virtual ~FixedPointStep() = default;

  /// One sample; `in` and `out` are different places.
  virtual void run(const std::int64_t* in, std::int64_t* out) const = 0;

  std::size_t num_inputs() const noexcept { return num_inputs_; }
  std::size_t num_outputs() const noexcept { return num_outputs_; }

 private:
  std::size_t num_inputs_;
  std::size_t num_outputs_;
};

/// Dense layer or convolution up to its sum; kernel and bias in Keras' layout.
std::unique_ptr<FixedPointStep> make_kernel_step(const resource_model::Layer& layer,
                                                 const LayerTypes& types,
                                                 std::span<const float> kernel,
                                                 std::span<const float> bias);

/// Max or average pool.
std::unique_ptr<FixedPointStep> make_pool_step(const resource_model::Layer& layer,
                                               const LayerTypes& types);

/// Any activation on `size` values of type `from`; linear ones bring them into type `to`.
std::unique_ptr<FixedPointStep> make_activation_step(resource_model::Activation activation,
                                                     std::size_t size,
                                                     const resource_model::FixedPoint& from,
                                                     const resource_model::FixedPoint& to);

}  // namespace espalier::pruning
