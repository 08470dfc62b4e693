#include "train/group_regularizer.hpp"

#include <algorithm>
#include <cmath>

namespace espalier::pruning::nn {
namespace {

// Weights per parallel block, about 10 us of work; fixed, so that sums do not depend on threads.
constexpr std::size_t kBlockWeights = 8192;

struct Blocks {
  std::size_t groups = 0, groups_per_block = 0, count = 0;
};

Blocks blocks_of(const GroupPenalty& penalty) {
  const auto size = static_cast<std::size_t>(penalty.group_size);
  const std::size_t groups = (penalty.order.size() + size - 1) / size;
  const std::size_t per_block = std::max<std::size_t>(kBlockWeights / size, 1);
  return {groups, per_block, (groups + per_block - 1) / per_block};
}

/// One group: adds its gradient, returns its norm.
double add_group(std::span<const std::int32_t> group, float strength, const float* kernel,
                 float* gradient) noexcept {
  double squares = 0.0;
  for (const std::int32_t i : group) {
    squares += static_cast<double>(kernel[i]) * static_cast<double>(kernel[i]);
  }
  if (squares == 0.0) return 0.0;
  const double norm = std::sqrt(squares);
  const float factor = static_cast<float>(static_cast<double>(strength) / norm);
  // Weights near the smallest float: the quotient may leave float although the gradient does not.
  if (!std::isfinite(factor)) return norm;
  for (const std::int32_t i : group) gradient[i] += factor * kernel[i];
  return norm;
}

}  // namespace

GroupRegularizer::GroupRegularizer(const std::vector<GroupPenalty>& penalties,
                                   const ParameterLayout& layout, ThreadPool& threads)
    : penalties_(penalties), layout_(layout), threads_(threads) {
  std::size_t blocks = 0;
  for (const GroupPenalty& penalty : penalties) blocks = std::max(blocks, blocks_of(penalty).count);
  block_values_.resize(blocks);
}

double GroupRegularizer::add_gradient(const float* parameters, float* gradient) {
  double value = 0.0;
  for (const GroupPenalty& penalty : penalties_) {
    if (penalty.strength == 0.0F) continue;
    const std::size_t offset = layout_.kernel(static_cast<std::size_t>(penalty.layer)).offset;
    value += add_gradient(penalty, parameters + offset, gradient + offset);
  }
  return value;
}

double GroupRegularizer::add_gradient(const GroupPenalty& penalty, const float* kernel,
                                      float* gradient) {
  const Blocks blocks = blocks_of(penalty);
  const auto size = static_cast<std::size_t>(penalty.group_size);
  threads_.for_each(blocks.count, [&](std::size_t block, std::size_t) {
    const std::size_t first = block * blocks.groups_per_block;
    const std::size_t last = std::min(first + blocks.groups_per_block, blocks.groups);
    double norms = 0.0;
    for (std::size_t g = first; g < last; ++g) {
      const std::size_t begin = g * size;
      const std::size_t count = std::min(size, penalty.order.size() - begin);
      norms += add_group(std::span(penalty.order).subspan(begin, count), penalty.strength, kernel,
                         gradient);
    }
    block_values_[block] = norms;
  });
  double norms = 0.0;
  for (std::size_t block = 0; block < blocks.count; ++block) norms += block_values_[block];
  return static_cast<double>(penalty.strength) * norms;
}

}  // namespace espalier::pruning::nn
