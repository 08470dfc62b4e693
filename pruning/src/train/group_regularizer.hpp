#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "espalier/pruning/train.hpp"

#include "nn/parameter_layout.hpp"
#include "train/thread_pool.hpp"

namespace espalier::pruning::nn {

/// The group-lasso penalties of a training run (Yuan and Lin, "Model selection and estimation in
/// regression with grouped variables", 2006): value strength * sum_g ||w_g||, gradient
/// strength * w_g / ||w_g||, which is taken as 0 where the group is 0.
class GroupRegularizer {
 public:
  /// Keeps a reference to the penalties, which were checked against the network.
  GroupRegularizer(const std::vector<GroupPenalty>& penalties, const ParameterLayout& layout,
                   ThreadPool& threads);

  /// Adds the gradient of all penalties to `gradient` (in the layout's order); returns their value.
  double add_gradient(const float* parameters, float* gradient);

 private:
  double add_gradient(const GroupPenalty& penalty, const float* kernel, float* gradient);

  const std::vector<GroupPenalty>& penalties_;
  const ParameterLayout& layout_;
  ThreadPool& threads_;
  std::vector<double> block_values_;
};

}  // namespace espalier::pruning::nn
