#include "nn/parameter_layout.hpp"

#include <algorithm>

namespace espalier::pruning::nn {

ParameterLayout::ParameterLayout(const Sequential& network) {
  const auto append = [this](std::size_t size) {
    const Block block{size_, size};
    size_ += size;
    return block;
  };
  for (int i = 0; i < network.num_layers(); ++i) {
    kernels_.push_back(append(network.kernel(i).size()));
    biases_.push_back(append(network.bias(i).size()));
  }
}

std::vector<float> ParameterLayout::gather(const Sequential& network) const {
  std::vector<float> parameters;
  parameters.reserve(size_);
  for (int i = 0; i < network.num_layers(); ++i) {
    for (const auto values : {network.kernel(i), network.bias(i)}) {
      parameters.insert(parameters.end(), values.begin(), values.end());
    }
  }
  return parameters;
}

void ParameterLayout::scatter(const std::vector<float>& parameters, Sequential& network) const {
  const float* next = parameters.data();
  for (int i = 0; i < network.num_layers(); ++i) {
    for (const auto values : {network.kernel(i), network.bias(i)}) {
      std::copy_n(next, values.size(), values.begin());
      next += values.size();
    }
  }
}

}  // namespace espalier::pruning::nn
