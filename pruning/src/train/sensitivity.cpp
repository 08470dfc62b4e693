// Derivatives of the loss of single samples: a batch gradient would have them cancel. Samples are
// cut into chunks whatever the number of threads; a round of chunks is worked on at once, each adds
// up squares or magnitudes of its own, and chunks are added in their order.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "espalier/pruning/train.hpp"

#include "nn/chain.hpp"
#include "train/checks.hpp"
#include "train/thread_pool.hpp"

namespace espalier::pruning {
namespace nn {
namespace {

constexpr std::size_t kChunkSamples = 16;
constexpr std::size_t kRoundChunks = 8;

void softmax(const float* logits, int classes, std::vector<float>& probabilities) {
  const float largest = *std::max_element(logits, logits + classes);
  float sum = 0.0F;
  for (int c = 0; c < classes; ++c) {
    auto& p = probabilities[static_cast<std::size_t>(c)];
    p = std::exp(logits[c] - largest);
    sum += p;
  }
  for (float& p : probabilities) p /= sum;
}

/// What one thread needs to differentiate sample after sample.
struct Differentiator {
  Workspace workspace;
  std::vector<float> gradient;
  std::vector<float> probabilities;
};

class Sensitivities {
 public:
  Sensitivities(const Sequential& network, const Dataset& data, Sensitivity kind, int threads)
      : chain_(network),
        data_(data),
        kind_(kind),
        threads_(threads),
        parameters_(chain_.layout().gather(network)),
        transposed_(parameters_.size()) {
    chain_.transpose_kernels(parameters_.data(), transposed_.data());
    for (int t = 0; t < threads_.num_threads(); ++t) {
      workers_.push_back({chain_.make_workspace(1, Chain::Purpose::kForwardAndBackward),
                          std::vector<float>(parameters_.size()),
                          std::vector<float>(static_cast<std::size_t>(chain_.num_classes()))});
    }
    sums_.assign(kRoundChunks, std::vector<float>(parameters_.size()));
  }

  /// Mean over the first `count` samples.
  std::vector<float> run(std::size_t count) {
    std::vector<float> total(parameters_.size(), 0.0F);
    const std::size_t chunks = (count + kChunkSamples - 1) / kChunkSamples;
    for (std::size_t first = 0; first < chunks; first += kRoundChunks) {
      const std::size_t in_round = std::min(kRoundChunks, chunks - first);
      threads_.for_each(in_round, [&](std::size_t chunk, std::size_t slot) {
        const std::size_t begin = (first + chunk) * kChunkSamples;
        std::fill(sums_[chunk].begin(), sums_[chunk].end(), 0.0F);
        for (std::size_t s = begin; s < std::min(begin + kChunkSamples, count); ++s) {
          add_sample(s, workers_[slot], sums_[chunk]);
        }
      });
      for (std::size_t chunk = 0; chunk < in_round; ++chunk) {
        for (std::size_t i = 0; i < total.size(); ++i) total[i] += sums_[chunk][i];
      }
    }
    for (float& value : total) value /= static_cast<float>(count);
    return total;
  }

  const ParameterLayout& layout() const noexcept { return chain_.layout(); }

 private:
  void add_sample(std::size_t sample, Differentiator& worker, std::vector<float>& sums) const {
    chain_.load_sample(worker.workspace, 0, data_.sample(sample).data());
    const float* logits = chain_.forward(worker.workspace, parameters_.data(), 1);
    softmax(logits, chain_.num_classes(), worker.probabilities);
    if (kind_ == Sensitivity::kGradient) {
      differentiate(data_.labels[sample], worker);
      for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += std::fabs(worker.gradient[i]);
      return;
    }
    for (int label = 0; label < chain_.num_classes(); ++label) {
      const float probability = worker.probabilities[static_cast<std::size_t>(label)];
      if (probability < 1e-6F) continue;  // beyond what float sums hold
      differentiate(label, worker);
      for (std::size_t i = 0; i < sums.size(); ++i) {
        sums[i] += probability * worker.gradient[i] * worker.gradient[i];
      }
    }
  }

  /// Gradient of the cross-entropy of `label`, after forward() and softmax().
  void differentiate(int label, Differentiator& worker) const {
    float* by_logits = Chain::logit_gradient(worker.workspace);
    std::copy(worker.probabilities.begin(), worker.probabilities.end(), by_logits);
    by_logits[label] -= 1.0F;
    chain_.backward(worker.workspace, parameters_.data(), transposed_.data(), 1,
                    worker.gradient.data());
  }

  Chain chain_;
  const Dataset& data_;
  Sensitivity kind_;
  ThreadPool threads_;
  std::vector<float> parameters_, transposed_;
  std::vector<Differentiator> workers_;
  std::vector<std::vector<float>> sums_;  ///< one per chunk of a round
};

}  // namespace
}  // namespace nn

std::vector<std::vector<float>> weight_sensitivity(const Sequential& network, const Dataset& data,
                                                   Sensitivity kind, std::size_t max_samples,
                                                   int threads) {
  nn::check_data(network, data, "the data");
  nn::Sensitivities sensitivities(network, data, kind, threads);
  const std::vector<float> flat =
      sensitivities.run(std::max<std::size_t>(1, std::min(max_samples, data.size())));
  std::vector<std::vector<float>> result(static_cast<std::size_t>(network.num_layers()));
  for (std::size_t i = 0; i < result.size(); ++i) {
    if (!network.has_weights(static_cast<int>(i))) continue;
    result[i] = nn::part(flat, sensitivities.layout().kernel(i));
  }
  return result;
}

}  // namespace espalier::pruning
