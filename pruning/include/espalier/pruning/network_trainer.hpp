#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "espalier/pruning/train.hpp"

namespace espalier::pruning {

/// One vector per layer of the hardware description that has weights, in its order: one flag per
/// weight in the framework's layout, 1 = kept.
using LayerMasks = std::vector<std::vector<std::uint8_t>>;

/// Data that trainers evaluate on. Choices are made on kValidation; kTest is only reported.
enum class DataPart { kValidation, kTest };

struct Evaluation {
  double accuracy = 0.0;
  /// One flag per sample, 1 = right, always of the same samples. May be empty; acceptance then
  /// keeps no margin for the size of the validation set.
  std::vector<std::uint8_t> correct = {};
};

/// A network together with whoever trains it, as the pruning loop sees them: implement this to have
/// a training code of your own pruned by prune(). Calls never overlap.
///
/// Weights are float, in the framework's layout: dense kernels (in, out), convolutions (kh, kw, c,
/// f), row-major. An exception of any method ends prune() with that exception.
class NetworkTrainer {
 public:
  virtual ~NetworkTrainer() = default;

  /// Kernels of the layers with weights, in the order of the hardware description. The spans are
  /// read before any other method is called.
  virtual std::vector<std::span<const float>> kernels() const = 0;

  /// Sets the weights whose flag is 0 to zero.
  virtual void apply_masks(const LayerMasks& masks) = 0;

  /// Trains further from the weights at hand; those whose flag is 0 are zero and stay so. `seed`
  /// differs from call to call and is the same when a run is repeated.
  virtual void fine_tune(const LayerMasks& masks, std::uint64_t seed) = 0;

  /// Accuracy that acceptance judges by (kValidation) or that is reported (kTest).
  virtual Evaluation evaluate(DataPart part) = 0;

  /// Everything that fine_tune() changes, as bytes, and the way back. The loop returns to the best
  /// accepted state by them and keeps them in its checkpoint.
  virtual std::string save() const = 0;
  virtual void restore(const std::string& state) = 0;

  /// Called once, before anything else but kernels(): trains the network without masks. Does
  /// nothing unless overridden, for networks that come trained.
  virtual void train_baseline(std::uint64_t /*seed*/) {}

  /// Called before each selection when PruneOptions::regrowth_epochs asks for it: trains without
  /// masks, so that pruned structures may grow back.
  virtual void regrow(std::uint64_t /*seed*/) {}

  /// Strength of the group penalty in the fine-tunings to come.
  virtual void set_regularization(double /*strength*/) {}

  /// For ValueMetric::kGradient and kSecondOrder: per layer as kernels(). Throws Error unless
  /// overridden.
  virtual std::vector<std::vector<float>> sensitivity(Sensitivity kind);

  /// Accuracy of the network in the fixed-point types of the hardware, where the trainer can tell.
  virtual std::optional<double> fixed_point_accuracy(DataPart /*part*/) { return std::nullopt; }
};

}  // namespace espalier::pruning
