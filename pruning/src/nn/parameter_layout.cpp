#include "nn/parameter_layout.hpp"

#include <algorithm>

namespace espalier::pruning::nn {
namespace {

/// Calls visit(values) for the parameters of a layer in their order; works on a const network too.
template <typename Net, typename Visit>
void for_each_vector(Net& network, int layer, const Visit& visit) {
  visit(network.kernel(layer));
  visit(network.bias(layer));
  auto& norm = network.batch_norm(layer);
  visit(std::span(norm.scale));
  visit(std::span(norm.shift));
  visit(std::span(norm.mean));
  visit(std::span(norm.variance));
}

}  // namespace

ParameterLayout::ParameterLayout(const Sequential& network) {
  const auto append = [this](std::size_t size) {
    const Block block{size_, size};
    size_ += size;
    return block;
  };
  for (int i = 0; i < network.num_layers(); ++i) {
    const std::size_t channels = network.batch_norm(i).scale.size();
    kernels_.push_back(append(network.kernel(i).size() + 2 * channels));
    biases_.push_back(append(network.bias(i).size() + 2 * channels));
    if (channels > 0) statistics_.push_back(biases_.back());
  }
}

std::vector<float> ParameterLayout::gather(const Sequential& network) const {
  std::vector<float> parameters;
  parameters.reserve(size_);
  for (int i = 0; i < network.num_layers(); ++i) {
    for_each_vector(network, i, [&](auto values) {
      parameters.insert(parameters.end(), values.begin(), values.end());
    });
  }
  return parameters;
}

std::vector<float> part(const std::vector<float>& values, ParameterLayout::Block block) {
  const auto begin = values.begin() + static_cast<std::ptrdiff_t>(block.offset);
  return {begin, begin + static_cast<std::ptrdiff_t>(block.size)};
}

void ParameterLayout::scatter(const std::vector<float>& parameters, Sequential& network) const {
  const float* next = parameters.data();
  for (int i = 0; i < network.num_layers(); ++i) {
    for_each_vector(network, i, [&](auto values) {
      std::copy_n(next, values.size(), values.begin());
      next += values.size();
    });
  }
}

}  // namespace espalier::pruning::nn
