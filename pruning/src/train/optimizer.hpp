#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "espalier/pruning/train.hpp"

namespace espalier::pruning::nn {

/// An update rule with its state for every parameter, all zero at the start.
class UpdateRule {
 public:
  virtual ~UpdateRule() = default;

  /// Starts a step; serial.
  virtual void begin_step(double learning_rate) noexcept = 0;

  /// Updates entries [begin, end) by their gradient; disjoint ranges may run in parallel. An entry
  /// whose gradient has always been zero does not move.
  virtual void update(float* parameters, const float* gradient, std::size_t begin,
                      std::size_t end) noexcept = 0;
};

std::unique_ptr<UpdateRule> make_adam(std::size_t num_parameters);
std::unique_ptr<UpdateRule> make_sgd_momentum(std::size_t num_parameters);
std::unique_ptr<UpdateRule> make_update_rule(Optimizer optimizer, std::size_t num_parameters);

}  // namespace espalier::pruning::nn
