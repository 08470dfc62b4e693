#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "espalier/pruning/dataset.hpp"
#include "espalier/pruning/sequential.hpp"
#include "espalier/resource_model/fixed_point.hpp"

namespace espalier::pruning {

enum class Optimizer { kAdam, kSgdMomentum };

/// Random changes of training images, drawn anew in every step: more data where there is little.
struct Augmentation {
  int max_shift = 0;     ///< pixels in each direction; what comes in is 0
  bool mirrors = false;  ///< left and right change places in every second image
};

/// How the learning rate moves from its start value to the final one.
enum class LearningRateSchedule {
  kCosine,       ///< along half a cosine (Loshchilov and Hutter 2017)
  kConstant,     ///< not at all
  kExponential,  ///< by the same factor in every step
  kSteps,        ///< in two equal factors, after 1/2 and after 3/4 of the steps
};

/// Fixed-point types of one layer's numbers; absent: as they are in float.
struct LayerFixedPoint {
  std::optional<resource_model::FixedPoint> weight = {};
  std::optional<resource_model::FixedPoint> bias = {};
  std::optional<resource_model::FixedPoint> accum = {};   ///< applied to the outputs first
  std::optional<resource_model::FixedPoint> output = {};  ///< applied to the outputs
};

/// Types for a whole network; the default is float everywhere.
struct NetworkFixedPoint {
  std::optional<resource_model::FixedPoint> input = {};
  std::vector<LayerFixedPoint> layers = {};  ///< one per layer of the Sequential, or empty
};

/// Group-lasso penalty strength * sum_k cost_k * ||w_k||_2 over runs of weights of one layer, where
/// group k is the weights `order[k * group_size] ... ` (a permutation of kernel indices, the last
/// group may be shorter) (Yuan and Lin 2006).
struct GroupPenalty {
  int layer = 0;                         ///< index in the Sequential
  std::vector<std::int32_t> order = {};  ///< kernel indices in hardware order
  std::int32_t group_size = 1;
  float strength = 0.0F;  ///< already multiplied by the structure's relative cost
};

/// Progress of one finished epoch.
struct EpochReport {
  int epoch = 0;  ///< 1-based
  int num_epochs = 0;
  double loss = 0.0;  ///< mean training loss with penalty
  double validation_accuracy = 0.0;
  double seconds = 0.0;
};

struct TrainOptions {
  int epochs = 10;
  int batch_size = 128;
  Optimizer optimizer = Optimizer::kAdam;
  float learning_rate = 1e-3F;
  LearningRateSchedule schedule = LearningRateSchedule::kCosine;
  /// The schedule ends at this fraction of the start (the constant one ignores it).
  float final_learning_rate_fraction = 0.05F;
  /// Fraction of all steps in which the rate first rises linearly from 0.
  float warmup_fraction = 0.0F;
  /// Stop early after so many epochs in a row without a better validation accuracy; 0 = never.
  int patience = 0;
  /// Weights, activations and inputs are rounded to these types in the forward pass, while the
  /// gradient goes through as if they were not ("straight-through", Bengio et al. 2013) and updates
  /// the float weights. Validation accuracies are then those of the rounded network. Types wider
  /// than 24 bits are finer than float and do nothing.
  ///
  /// Parameters are kept within the range of their types. Activations of types that wrap around
  /// stay at the end of the range while training, and a gradient as large as the loss can have
  /// brings them back; validation wraps them as the hardware does.
  NetworkFixedPoint fixed_point = {};
  std::uint64_t seed = 1;  ///< shuffling, dropout and augmentation
  Augmentation augmentation = {};
  int threads = 1;
  std::vector<GroupPenalty> penalties = {};
  /// Keep the parameters of the epoch with the best validation accuracy.
  bool restore_best = true;
  std::stop_token stop = {};
  std::function<void(const EpochReport&)> on_epoch = {};
  /// Fraction of the current epoch that is done, a few times a second; for progress bars.
  std::function<void(int epoch, double fraction)> on_progress = {};
};

/// Masks of a network: for every layer of the Sequential one byte per kernel weight, 1 = kept;
/// empty for layers without weights or without mask.
using KernelMasks = std::vector<std::vector<std::uint8_t>>;

/// Trains in place with softmax cross-entropy. Masked weights are zero before, during and after;
/// the optimiser starts afresh. Returns the validation accuracy of the parameters that are kept.
///
/// The result depends on the seed and the data only, not on the number of threads. Processors with
/// and without AVX2 or AVX-512 differ by rounding.
///
/// A stop request ends it between two batches, with the best epoch so far, or where it stands when
/// none is finished. Throws Error when shapes, labels, masks or options do not fit, and when the
/// loss stops being a number before any epoch could be kept.
///
/// LeNet on Fashion-MNIST reaches 90 % on test data with 12 epochs, batch 128 and learning rate
/// 2e-3; the jet network 78 % with 10 epochs and the defaults.
double train(Sequential& network, const Dataset& train_data, const Dataset& validation,
             const TrainOptions& options, const KernelMasks& masks = {});

/// Fraction of samples whose largest logit is at the label; with types, of the network rounded as
/// in TrainOptions::fixed_point. Sums are still those of float: bit-true only while they are exact.
double accuracy(const Sequential& network, const Dataset& data, int threads = 1,
                const NetworkFixedPoint& fixed_point = {});

/// Logits of `count` samples, row-major; `features` holds count * sample size values. With types,
/// of the rounded network, as accuracy().
std::vector<float> predict(const Sequential& network, std::span<const float> features,
                           std::size_t count, int threads = 1,
                           const NetworkFixedPoint& fixed_point = {});

/// Mean cross-entropy over a data set and its gradient, per layer in the layouts of Sequential;
/// empty for layers without weights.
struct LossGradients {
  double loss = 0.0;
  std::vector<std::vector<float>> kernels;
  std::vector<std::vector<float>> biases;
};

/// Runs the whole data set forward and backward, without penalty or mask. The result does not
/// depend on the number of threads.
LossGradients loss_gradients(const Sequential& network, const Dataset& data, int threads = 1);

/// What weight_sensitivity() measures.
enum class Sensitivity {
  kGradient,     ///< mean over the samples of |dL/dw|, L the cross-entropy of the sample's label
  kSecondOrder,  ///< mean over the samples of d2L/dw2
};

/// How the loss responds to each weight, on the first `max_samples` samples; per layer in the
/// layouts of Sequential, empty for layers without weights.
///
/// The second derivatives are the true diagonal of the Hessian: logits are piecewise linear in any
/// single weight of these networks (rectifiers, pools and linear layers), so that of the Hessian
/// only J' H J is left, with J the derivatives of the logits and H the Hessian of the cross-entropy
/// by the logits. For softmax that is the Fisher information, the mean of (dL/dw)^2 over the labels
/// that the network itself predicts (Martens 2020, section 9), computed here over all labels.
/// Batch normalisations count with their running statistics.
///
/// Costs a backward pass per sample, or per sample and class; memory for a few gradients. The
/// result does not depend on the number of threads.
std::vector<std::vector<float>> weight_sensitivity(const Sequential& network, const Dataset& data,
                                                   Sensitivity kind, std::size_t max_samples,
                                                   int threads = 1);

/// Sets every weight whose mask is 0 to zero.
void apply_masks(Sequential& network, const KernelMasks& masks);

}  // namespace espalier::pruning
