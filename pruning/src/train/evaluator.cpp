#include "train/evaluator.hpp"

#include <algorithm>
#include <atomic>
#include <string>

#include "espalier/pruning/train.hpp"
#include "espalier/support/error.hpp"

#include "nn/loss.hpp"
#include "nn/shape.hpp"
#include "train/checks.hpp"

namespace espalier::pruning {
namespace nn {

Evaluator::Evaluator(const Chain& chain, ThreadPool& threads) : chain_(chain), threads_(threads) {
  for (int t = 0; t < threads.num_threads(); ++t) {
    workspaces_.push_back(
        chain.make_workspace(static_cast<int>(kBlockSamples), Chain::Purpose::kForward));
  }
}

template <typename Visit>
void Evaluator::for_each_block(const float* parameters, const float* features, std::size_t count,
                               const Visit& visit) {
  const std::size_t blocks = (count + kBlockSamples - 1) / kBlockSamples;
  threads_.for_each(blocks, [&](std::size_t block, std::size_t slot) {
    Workspace& workspace = workspaces_[slot];
    const std::size_t first = block * kBlockSamples;
    const std::size_t samples = std::min(kBlockSamples, count - first);
    for (std::size_t s = 0; s < samples; ++s) {
      chain_.load_sample(workspace, static_cast<int>(s),
                         features + (first + s) * chain_.input_size());
    }
    visit(first, samples, chain_.forward(workspace, parameters, static_cast<int>(samples)));
  });
}

void Evaluator::predict(const float* parameters, const float* features, std::size_t count,
                        float* logits) {
  const auto classes = static_cast<std::size_t>(chain_.num_classes());
  for_each_block(parameters, features, count,
                 [&](std::size_t first, std::size_t samples, const float* block) {
                   std::copy_n(block, samples * classes, logits + first * classes);
                 });
}

std::size_t Evaluator::count_correct(const float* parameters, const Dataset& data) {
  const int classes = chain_.num_classes();
  std::atomic<std::size_t> correct = 0;
  for_each_block(parameters, data.features.data(), data.size(),
                 [&](std::size_t first, std::size_t samples, const float* logits) {
                   std::size_t hits = 0;
                   for (std::size_t s = 0; s < samples; ++s, logits += classes) {
                     if (largest_logit(logits, classes) == data.labels[first + s]) ++hits;
                   }
                   correct.fetch_add(hits, std::memory_order_relaxed);
                 });
  return correct;
}

namespace {

/// The network's parameters as its types hold them.
std::vector<float> effective_parameters(const Chain& chain, const Sequential& network) {
  const std::vector<float> parameters = chain.layout().gather(network);
  std::vector<float> rounded(parameters.size());
  chain.round_parameters(parameters.data(), rounded.data());
  return rounded;
}

}  // namespace
}  // namespace nn

double accuracy(const Sequential& network, const Dataset& data, int threads,
                const NetworkFixedPoint& fixed_point) {
  nn::check_data(network, data, "the data to evaluate");
  const nn::Chain chain(network, fixed_point);
  nn::ThreadPool pool(threads);
  nn::Evaluator evaluator(chain, pool);
  const std::vector<float> parameters = nn::effective_parameters(chain, network);
  return static_cast<double>(evaluator.count_correct(parameters.data(), data)) /
         static_cast<double>(data.size());
}

std::vector<float> predict(const Sequential& network, std::span<const float> features,
                           std::size_t count, int threads, const NetworkFixedPoint& fixed_point) {
  const nn::Chain chain(network, fixed_point);
  if (features.size() != count * chain.input_size()) {
    throw Error("there are " + std::to_string(features.size()) + " feature values for " +
                std::to_string(count) + " samples of shape " +
                nn::shape_text(network.input_shape()) + "; expected " +
                std::to_string(count * chain.input_size()));
  }
  nn::ThreadPool pool(threads);
  nn::Evaluator evaluator(chain, pool);
  const std::vector<float> parameters = nn::effective_parameters(chain, network);
  std::vector<float> logits(count * static_cast<std::size_t>(chain.num_classes()));
  evaluator.predict(parameters.data(), features.data(), count, logits.data());
  return logits;
}

}  // namespace espalier::pruning
