#include "train/batch_gradient.hpp"

#include <algorithm>

#include "nn/loss.hpp"
#include "nn/noise.hpp"
#include "train/augment.hpp"

namespace espalier::pruning::nn {

BatchGradient::BatchGradient(const Chain& chain, const Dataset& data, int max_batch_size,
                             ThreadPool& threads, const Augmentation& augmentation)
    : chain_(chain), data_(data), threads_(threads), augmentation_(augmentation) {
  const bool augments = augmentation.max_shift > 0 || augmentation.mirrors;
  const auto max_chunks =
      static_cast<std::size_t>((max_batch_size + kChunkSamples - 1) / kChunkSamples);
  for (int t = 0; t < threads.num_threads(); ++t) {
    workspaces_.push_back(chain.make_workspace(kChunkSamples, Chain::Purpose::kForwardAndBackward));
    images_.emplace_back(augments ? data.sample_size() : 0);
  }
  gradients_.assign(max_chunks, std::vector<float>(chain.layout().size()));
  losses_.resize(max_chunks);
  transposed_.resize(chain.layout().size());
}

double BatchGradient::run(const float* parameters, std::span<const std::uint32_t> samples,
                          float scale, std::optional<Chain::Training> training) {
  chain_.transpose_kernels(parameters, transposed_.data());
  num_chunks_ = (samples.size() + kChunkSamples - 1) / kChunkSamples;
  threads_.for_each(num_chunks_, [&](std::size_t chunk, std::size_t slot) {
    const std::size_t first = chunk * kChunkSamples;
    const std::size_t count = std::min<std::size_t>(kChunkSamples, samples.size() - first);
    auto own = training;
    if (own) *own = {.noise = mix_noise(own->noise + chunk), .pull_back = scale};
    losses_[chunk] = run_chunk(workspaces_[slot], parameters, samples.subspan(first, count), scale,
                               own, images_[slot], gradients_[chunk].data());
  });
  double loss = 0.0;
  for (std::size_t chunk = 0; chunk < num_chunks_; ++chunk) loss += losses_[chunk];
  return loss;
}

void BatchGradient::load(Workspace& workspace, std::span<const std::uint32_t> samples,
                         std::optional<Chain::Training> training,
                         std::vector<float>& image) const noexcept {
  for (std::size_t s = 0; s < samples.size(); ++s) {
    const float* sample = data_.sample(samples[s]).data();
    if (training && !image.empty()) {
      augment(augmentation_, data_.sample_shape, sample, training->noise + s, image.data());
      sample = image.data();
    }
    chain_.load_sample(workspace, static_cast<int>(s), sample);
  }
}

double BatchGradient::run_chunk(Workspace& workspace, const float* parameters,
                                std::span<const std::uint32_t> samples, float scale,
                                std::optional<Chain::Training> training, std::vector<float>& image,
                                float* gradient) const noexcept {
  const int count = static_cast<int>(samples.size());
  load(workspace, samples, training, image);
  const float* logits = chain_.forward(workspace, parameters, count, training);
  float* logit_gradient = Chain::logit_gradient(workspace);
  double loss = 0.0;
  for (const std::uint32_t sample : samples) {
    loss += softmax_cross_entropy(logits, chain_.num_classes(), data_.labels[sample], scale,
                                  logit_gradient);
    logits += chain_.num_classes();
    logit_gradient += chain_.num_classes();
  }
  chain_.backward(workspace, parameters, transposed_.data(), count, gradient, training);
  return loss;
}

void BatchGradient::add_to(float* gradient, std::size_t begin, std::size_t end) const noexcept {
  for (std::size_t chunk = 0; chunk < num_chunks_; ++chunk) {
    const float* from = gradients_[chunk].data();
    for (std::size_t i = begin; i < end; ++i) gradient[i] += from[i];
  }
}

}  // namespace espalier::pruning::nn
