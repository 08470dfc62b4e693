#pragma once

#include <cstddef>
#include <vector>

#include "espalier/pruning/sequential.hpp"

namespace espalier::pruning::nn {

/// All kernels and biases of a network as one vector, layer by layer, kernel before bias: the form
/// in which optimisers, gradients and snapshots handle them.
class ParameterLayout {
 public:
  struct Block {
    std::size_t offset = 0, size = 0;
  };

  explicit ParameterLayout(const Sequential& network);

  std::size_t size() const noexcept { return size_; }
  Block kernel(std::size_t layer) const noexcept { return kernels_[layer]; }
  Block bias(std::size_t layer) const noexcept { return biases_[layer]; }

  std::vector<float> gather(const Sequential& network) const;
  void scatter(const std::vector<float>& parameters, Sequential& network) const;

 private:
  std::vector<Block> kernels_, biases_;
  std::size_t size_ = 0;
};

}  // namespace espalier::pruning::nn
