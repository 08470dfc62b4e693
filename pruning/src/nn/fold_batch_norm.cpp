#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "espalier/pruning/sequential.hpp"
#include "espalier/support/error.hpp"

namespace espalier::pruning {
namespace {

bool is_norm(const NetLayer& layer) { return layer.type == NetLayerType::kBatchNorm; }

/// Scales the outputs of kernel and bias: the last axis of a kernel is that of the outputs.
void fold_into(std::span<float> kernel, std::span<float> bias, const BatchNormParameters& norm) {
  const std::size_t outputs = bias.size();
  for (std::size_t o = 0; o < outputs; ++o) {
    const double variance =
        static_cast<double>(norm.variance[o]) + static_cast<double>(BatchNormParameters::kEpsilon);
    const double factor = static_cast<double>(norm.scale[o]) / std::sqrt(variance);
    for (std::size_t k = o; k < kernel.size(); k += outputs) {
      kernel[k] = static_cast<float>(static_cast<double>(kernel[k]) * factor);
    }
    const double centred = static_cast<double>(bias[o]) - static_cast<double>(norm.mean[o]);
    bias[o] = static_cast<float>(centred * factor + static_cast<double>(norm.shift[o]));
  }
}

}  // namespace

Sequential fold_batch_norm(const Sequential& network) {
  std::vector<NetLayer> layers;
  std::vector<int> origin;  // of each layer that stays
  for (int i = 0; i < network.num_layers(); ++i) {
    if (is_norm(network.layer(i))) {
      if (origin.empty() || !network.has_weights(origin.back()) || origin.back() != i - 1) {
        throw Error("batch normalisation '" + network.layer(i).name +
                    "' cannot be folded; expected a dense layer or convolution right before it");
      }
      continue;
    }
    layers.push_back(network.layer(i));
    origin.push_back(i);
  }
  Sequential folded(network.input_shape(), std::move(layers));
  for (int to = 0; to < folded.num_layers(); ++to) {
    const int from = origin[static_cast<std::size_t>(to)];
    std::copy(network.kernel(from).begin(), network.kernel(from).end(), folded.kernel(to).begin());
    std::copy(network.bias(from).begin(), network.bias(from).end(), folded.bias(to).begin());
    if (from + 1 < network.num_layers() && is_norm(network.layer(from + 1))) {
      fold_into(folded.kernel(to), folded.bias(to), network.batch_norm(from + 1));
    }
  }
  return folded;
}

}  // namespace espalier::pruning
