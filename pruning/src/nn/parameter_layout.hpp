#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "espalier/pruning/sequential.hpp"

namespace espalier::pruning::nn {

/// All parameters of a network as one vector, layer by layer: the form in which optimisers,
/// gradients and snapshots handle them. Dense layers and convolutions have their kernel before
/// their bias. Batch normalisations have scale and shift in place of the kernel, and in place of
/// the bias mean and variance, which are not trained: see statistics().
class ParameterLayout {
 public:
  struct Block {
    std::size_t offset = 0, size = 0;
  };

  explicit ParameterLayout(const Sequential& network);

  std::size_t size() const noexcept { return size_; }
  Block kernel(std::size_t layer) const noexcept { return kernels_[layer]; }
  Block bias(std::size_t layer) const noexcept { return biases_[layer]; }
  /// Running statistics. In a training pass their places in the gradient receive, summed over the
  /// samples, the statistics of the samples' chunks.
  const std::vector<Block>& statistics() const noexcept { return statistics_; }

  std::vector<float> gather(const Sequential& network) const;
  void scatter(const std::vector<float>& parameters, Sequential& network) const;

 private:
  std::vector<Block> kernels_, biases_, statistics_;
  std::size_t size_ = 0;
};

/// The values of one block of a vector in the layout's order.
std::vector<float> part(const std::vector<float>& values, ParameterLayout::Block block);

}  // namespace espalier::pruning::nn
