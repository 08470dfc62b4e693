#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "espalier/pruning/train.hpp"

#include "nn/chain.hpp"
#include "train/batch_gradient.hpp"
#include "train/checks.hpp"
#include "train/thread_pool.hpp"

namespace espalier::pruning {
namespace {

// Samples per pass; bounds the memory for chunk gradients.
constexpr std::size_t kBatch = 512;

}  // namespace

LossGradients loss_gradients(const Sequential& network, const Dataset& data, int threads) {
  nn::check_data(network, data, "the data");
  const nn::Chain chain(network);
  const std::vector<float> parameters = chain.layout().gather(network);
  nn::ThreadPool pool(threads);
  nn::BatchGradient batches(chain, data, static_cast<int>(std::min(kBatch, data.size())), pool);
  std::vector<std::uint32_t> samples(data.size());
  std::iota(samples.begin(), samples.end(), 0U);
  const float scale = 1.0F / static_cast<float>(data.size());

  LossGradients result;
  std::vector<float> gradient(parameters.size(), 0.0F);
  for (std::size_t first = 0; first < samples.size(); first += kBatch) {
    const std::size_t count = std::min(kBatch, samples.size() - first);
    result.loss += batches.run(parameters.data(), std::span(samples).subspan(first, count), scale);
    batches.add_to(gradient.data(), 0, gradient.size());
  }
  result.loss /= static_cast<double>(data.size());
  for (std::size_t i = 0; i < static_cast<std::size_t>(network.num_layers()); ++i) {
    const bool has_weights = network.has_weights(static_cast<int>(i));
    result.kernels.push_back(has_weights ? nn::part(gradient, chain.layout().kernel(i))
                                         : std::vector<float>());
    result.biases.push_back(has_weights ? nn::part(gradient, chain.layout().bias(i))
                                        : std::vector<float>());
  }
  return result;
}

}  // namespace espalier::pruning
