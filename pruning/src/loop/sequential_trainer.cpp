#include "loop/sequential_trainer.hpp"

#include <cstring>
#include <utility>

#include "espalier/pruning/fixed_point_network.hpp"
#include "espalier/resource_model/structure.hpp"
#include "espalier/support/error.hpp"

#include "loop/acceptance.hpp"
#include "loop/masks.hpp"
#include "nn/parameter_layout.hpp"

namespace espalier::pruning {

SequentialTrainer::SequentialTrainer(Sequential network, const DataSplit& data,
                                     const resource_model::Network& hardware,
                                     const PruneOptions& options, PruneObserver& observer)
    : network_(std::move(network)),
      data_(data),
      hardware_(hardware),
      options_(options),
      observer_(observer),
      links_(link_layers(network_, hardware)),
      strength_(options.regularization) {}

std::vector<std::span<const float>> SequentialTrainer::kernels() const {
  std::vector<std::span<const float>> result;
  for (const LayerLink& link : links_) result.push_back(network_.kernel(link.network_layer));
  return result;
}

void SequentialTrainer::apply_masks(const LayerMasks& masks) {
  pruning::apply_masks(network_, kernel_masks(network_, links_, masks));
}

/// Trains with the run's threads, stop token and observer.
void SequentialTrainer::run_training(TrainOptions training, const LayerMasks& masks,
                                     std::uint64_t seed) {
  training.seed = seed;
  training.threads = options_.threads;
  training.stop = options_.stop;
  training.on_epoch = [this](const EpochReport& epoch) { observer_.on_epoch(epoch); };
  training.on_progress = [this](int epoch, double fraction) {
    observer_.on_progress(epoch, fraction);
  };
  if (judges_fixed_point_) training.fixed_point = fixed_point_of(network_, hardware_, links_);
  train(network_, data_.train, data_.validation, training, kernel_masks(network_, links_, masks));
}

/// The baseline is what the network can do when nothing is asked of it: in float, no penalty.
void SequentialTrainer::train_baseline(std::uint64_t seed) {
  if (options_.baseline_training.epochs > 0) {
    TrainOptions training = options_.baseline_training;
    training.penalties.clear();
    run_training(std::move(training), {}, seed);
  }
  fold();
}

void SequentialTrainer::fold() {
  if (is_folded_) return;
  network_ = fold_batch_norm(network_);
  links_ = link_layers(network_, hardware_);
  set_regularization(strength_);
  is_folded_ = true;
}

void SequentialTrainer::fine_tune(const LayerMasks& masks, std::uint64_t seed) {
  TrainOptions training = options_.fine_tuning;
  training.penalties = penalties_;
  run_training(std::move(training), masks, seed);
}

void SequentialTrainer::regrow(std::uint64_t seed) {
  TrainOptions training = options_.fine_tuning;
  training.epochs = options_.regrowth_epochs;
  training.restore_best = false;
  training.penalties = penalties_;
  run_training(std::move(training), {}, seed);
}

Evaluation SequentialTrainer::evaluate(DataPart part) {
  const bool in_fixed_point = judges_fixed_point_ && part == DataPart::kValidation;
  std::vector<std::uint8_t> correct =
      in_fixed_point ? correct_in_fixed_point()
                     : correct_samples(network_, dataset(part), options_.threads);
  return {.accuracy = fraction_of(correct), .correct = std::move(correct)};
}

/// As the FPGA computes it; rounded as in training where that cannot be told.
std::vector<std::uint8_t> SequentialTrainer::correct_in_fixed_point() const {
  try {
    return FixedPointNetwork(network_, hardware_)
        .correct_samples(data_.validation, options_.threads);
  } catch (const Error&) {
    return correct_samples(network_, data_.validation, options_.threads,
                           fixed_point_of(network_, hardware_, links_));
  }
}

/// Bit-true where FixedPointNetwork knows the layers and types, else nothing.
std::optional<double> SequentialTrainer::fixed_point_accuracy(DataPart part) {
  try {
    return FixedPointNetwork(network_, hardware_).accuracy(dataset(part), options_.threads);
  } catch (const Error&) {
    return std::nullopt;
  }
}

void SequentialTrainer::set_regularization(double strength) {
  strength_ = strength;
  penalties_ = group_penalties(hardware_, links_,
                               resource_model::form_structures(hardware_, options_.objective),
                               sum_of(resources_of_all_weights(hardware_)), strength);
}

std::vector<std::vector<float>> SequentialTrainer::sensitivity(Sensitivity kind) {
  auto by_layer =
      weight_sensitivity(network_, data_.train, kind,
                         static_cast<std::size_t>(options_.value_samples), options_.threads);
  std::vector<std::vector<float>> result;
  for (const LayerLink& link : links_) {
    result.push_back(std::move(by_layer[static_cast<std::size_t>(link.network_layer)]));
  }
  return result;
}

std::string SequentialTrainer::save() const {
  const std::vector<float> parameters = nn::ParameterLayout(network_).gather(network_);
  std::string bytes(parameters.size() * sizeof(float), '\0');
  std::memcpy(bytes.data(), parameters.data(), bytes.size());
  return bytes;
}

void SequentialTrainer::restore(const std::string& state) {
  fold();
  judges_fixed_point_ = options_.fixed_point_tuning;
  const nn::ParameterLayout layout(network_);
  std::vector<float> parameters(layout.size());
  if (state.size() != parameters.size() * sizeof(float)) {
    throw Error("the saved network has " + std::to_string(state.size()) + " bytes; expected " +
                std::to_string(parameters.size() * sizeof(float)));
  }
  std::memcpy(parameters.data(), state.data(), state.size());
  layout.scatter(parameters, network_);
}

}  // namespace espalier::pruning
