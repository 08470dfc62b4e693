#include "train/checks.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "espalier/support/error.hpp"

#include "nn/shape.hpp"

namespace espalier::pruning::nn {
namespace {

/// Far more than any image is wide, and an int twice.
constexpr int kMaxShift = 1000;

void require(bool condition, const std::string& message) {
  if (!condition) throw Error(message);
}

/// The sample shape {16} also fits a network for {1, 1, 16} or the other way round only by chance,
/// so shapes have to be equal, not only sizes.
void check_shape(const Sequential& network, const Dataset& data, const std::string& what) {
  require(data.sample_shape == network.input_shape(),
          what + " has samples of shape " + shape_text(data.sample_shape) + "; expected " +
              shape_text(network.input_shape()) + ", the network's input");
}

void check_penalty(const Sequential& network, const GroupPenalty& penalty) {
  require(penalty.layer >= 0 && penalty.layer < network.num_layers() &&
              network.has_weights(penalty.layer),
          "a penalty is on layer " + std::to_string(penalty.layer) +
              "; expected a layer that has weights");
  const std::string whose = "the penalty of layer '" + network.layer(penalty.layer).name + "'";
  require(penalty.group_size >= 1,
          whose + " has group size " + std::to_string(penalty.group_size) + "; expected 1 or more");
  require(std::isfinite(penalty.strength) && penalty.strength >= 0.0F,
          whose + " has strength " + std::to_string(penalty.strength) +
              "; expected a finite value of at least 0");
  const std::size_t weights = network.kernel(penalty.layer).size();
  std::vector<std::uint8_t> seen(weights, 0);
  for (const std::int32_t index : penalty.order) {
    const auto i = static_cast<std::size_t>(index);
    require(index >= 0 && i < weights && seen[i] == 0,
            whose + " orders weight " + std::to_string(index) + " of " + std::to_string(weights) +
                "; expected every index at most once");
    seen[i] = 1;
  }
}

}  // namespace

void check_data(const Sequential& network, const Dataset& data, const std::string& what) {
  check_shape(network, data, what);
  require(data.size() > 0, what + " is empty; expected at least one sample");
  require(data.size() <= std::numeric_limits<std::uint32_t>::max(),
          what + " has " + std::to_string(data.size()) + " samples; expected fewer than 2^32");
  require(data.features.size() == data.size() * data.sample_size(),
          what + " has " + std::to_string(data.features.size()) + " feature values; expected " +
              std::to_string(data.size() * data.sample_size()));
  for (std::size_t i = 0; i < data.size(); ++i) {
    if (data.labels[i] >= 0 && data.labels[i] < network.num_classes()) continue;
    throw Error(what + ": sample " + std::to_string(i) + " has label " +
                std::to_string(data.labels[i]) + "; expected 0.." +
                std::to_string(network.num_classes() - 1));
  }
}

void check_masks(const Sequential& network, const KernelMasks& masks) {
  if (masks.empty()) return;
  require(masks.size() == static_cast<std::size_t>(network.num_layers()),
          "there are masks for " + std::to_string(masks.size()) + " layers; expected " +
              std::to_string(network.num_layers()) + " or none");
  for (int i = 0; i < network.num_layers(); ++i) {
    const auto& mask = masks[static_cast<std::size_t>(i)];
    const std::string whose = "the mask of layer '" + network.layer(i).name + "'";
    require(mask.empty() || mask.size() == network.kernel(i).size(),
            whose + " has " + std::to_string(mask.size()) + " entries; expected " +
                std::to_string(network.kernel(i).size()));
    require(std::all_of(mask.begin(), mask.end(), [](std::uint8_t m) { return m <= 1; }),
            whose + " has an entry that is neither 0 nor 1");
  }
}

void check_options(const Sequential& network, const TrainOptions& options) {
  require(options.epochs >= 0,
          "epochs is " + std::to_string(options.epochs) + "; expected 0 or more");
  require(options.batch_size >= 1 && options.batch_size <= kMaxExtent,
          "batch_size is " + std::to_string(options.batch_size) + "; expected 1.." +
              std::to_string(kMaxExtent));
  require(options.threads >= 1,
          "threads is " + std::to_string(options.threads) + "; expected 1 or more");
  require(std::isfinite(options.learning_rate) && options.learning_rate > 0.0F,
          "learning_rate is " + std::to_string(options.learning_rate) +
              "; expected a finite value above 0");
  require(
      options.final_learning_rate_fraction >= 0.0F && options.final_learning_rate_fraction <= 1.0F,
      "final_learning_rate_fraction is " + std::to_string(options.final_learning_rate_fraction) +
          "; expected 0..1");
  require(options.schedule != LearningRateSchedule::kExponential ||
              options.final_learning_rate_fraction > 0.0F,
          "final_learning_rate_fraction is 0; expected more for the exponential schedule");
  require(options.warmup_fraction >= 0.0F && options.warmup_fraction < 1.0F,
          "warmup_fraction is " + std::to_string(options.warmup_fraction) +
              "; expected 0 or more and less than 1");
  const Augmentation& augmentation = options.augmentation;
  require(augmentation.max_shift >= 0 && augmentation.max_shift <= kMaxShift,
          "augmentation.max_shift is " + std::to_string(augmentation.max_shift) + "; expected 0.." +
              std::to_string(kMaxShift));
  require(
      (augmentation.max_shift == 0 && !augmentation.mirrors) || network.input_shape().size() == 3,
      "augmentation is on; expected a network whose input is an image");
  require(options.patience >= 0,
          "patience is " + std::to_string(options.patience) + "; expected 0 or more");
  for (const GroupPenalty& penalty : options.penalties) check_penalty(network, penalty);
}

}  // namespace espalier::pruning::nn
