#pragma once

#include <cstddef>
#include <vector>

#include "espalier/pruning/dataset.hpp"

#include "nn/chain.hpp"
#include "train/thread_pool.hpp"

namespace espalier::pruning::nn {

/// Forward passes over whole data sets, in parallel blocks. A sample's logits do not depend on the
/// block that it is in, so results are the same for any number of threads.
class Evaluator {
 public:
  static constexpr std::size_t kBlockSamples = 32;

  Evaluator(const Chain& chain, ThreadPool& threads);

  /// Writes count * num_classes logits.
  void predict(const float* parameters, const float* features, std::size_t count, float* logits);

  /// Samples whose largest logit is at the label.
  std::size_t count_correct(const float* parameters, const Dataset& data);

 private:
  /// Calls visit(first sample, samples, their logits) for every block.
  template <typename Visit>
  void for_each_block(const float* parameters, const float* features, std::size_t count,
                      const Visit& visit);

  const Chain& chain_;
  ThreadPool& threads_;
  std::vector<Workspace> workspaces_;  ///< one per thread
};

}  // namespace espalier::pruning::nn
