#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "espalier/pruning/dataset.hpp"
#include "espalier/pruning/train.hpp"

#include "nn/chain.hpp"
#include "train/thread_pool.hpp"

namespace espalier::pruning::nn {

/// Loss and gradient of mini-batches, on several threads with one result.
///
/// A batch is cut into chunks of kChunkSamples whatever the number of threads; each chunk writes a
/// gradient of its own, and chunks are added up in their order. Allocates in the constructor only.
class BatchGradient {
 public:
  static constexpr int kChunkSamples = 16;

  /// Images of training passes are changed as `augmentation` says.
  BatchGradient(const Chain& chain, const Dataset& data, int max_batch_size, ThreadPool& threads,
                const Augmentation& augmentation = {});

  /// Runs the samples forward and backward; returns the sum of their losses. `scale` multiplies
  /// the gradients, not the returned loss.
  /// `training` as in Chain::forward(); each chunk has noise of its own.
  double run(const float* parameters, std::span<const std::uint32_t> samples, float scale,
             std::optional<Chain::Training> training = {});

  /// Adds entries [begin, end) of the last batch's gradient to `gradient` (indexed alike).
  void add_to(float* gradient, std::size_t begin, std::size_t end) const noexcept;

 private:
  void load(Workspace& workspace, std::span<const std::uint32_t> samples,
            std::optional<Chain::Training> training, std::vector<float>& image) const noexcept;
  double run_chunk(Workspace& workspace, const float* parameters,
                   std::span<const std::uint32_t> samples, float scale,
                   std::optional<Chain::Training> training, std::vector<float>& image,
                   float* gradient) const noexcept;

  const Chain& chain_;
  const Dataset& data_;
  ThreadPool& threads_;
  Augmentation augmentation_;
  std::vector<Workspace> workspaces_;          ///< one per thread
  std::vector<std::vector<float>> images_;     ///< likewise; empty without augmentation
  std::vector<std::vector<float>> gradients_;  ///< one per chunk
  std::vector<double> losses_;                 ///< likewise
  std::vector<float> transposed_;
  std::size_t num_chunks_ = 0;  ///< of the last batch
};

}  // namespace espalier::pruning::nn
