#pragma once

#include <cstring>
#include <string>
#include <vector>

#include "espalier/pruning/network_trainer.hpp"

namespace espalier::tests {

/// A trainer of nothing but kernels, which fine-tuning does not change: a test says what such a
/// network achieves, so that the loop's decisions are known beforehand.
class KernelTrainer : public pruning::NetworkTrainer {
 public:
  explicit KernelTrainer(std::vector<std::vector<float>> kernels) : kernels_(std::move(kernels)) {}

  std::vector<std::span<const float>> kernels() const override {
    return {kernels_.begin(), kernels_.end()};
  }
  void apply_masks(const pruning::LayerMasks& masks) override {
    for (std::size_t i = 0; i < masks.size(); ++i) {
      for (std::size_t k = 0; k < masks[i].size(); ++k) {
        if (masks[i].at(k) == 0) kernels_[i].at(k) = 0.0F;
      }
    }
  }
  void fine_tune(const pruning::LayerMasks& masks, std::uint64_t /*seed*/) override {
    apply_masks(masks);
  }
  std::string save() const override {
    std::string bytes;
    for (const auto& kernel : kernels_) {
      bytes.append(reinterpret_cast<const char*>(kernel.data()), kernel.size() * sizeof(float));
    }
    return bytes;
  }
  void restore(const std::string& state) override {
    const char* from = state.data();
    for (auto& kernel : kernels_) {
      std::memcpy(kernel.data(), from, kernel.size() * sizeof(float));
      from += kernel.size() * sizeof(float);
    }
  }

 protected:
  /// Weights of a kernel that are not zero.
  std::size_t num_left(std::size_t layer) const {
    std::size_t left = 0;
    for (const float w : kernels_[layer]) left += w != 0.0F ? 1 : 0;
    return left;
  }

  std::vector<std::vector<float>> kernels_;
};

}  // namespace espalier::tests
