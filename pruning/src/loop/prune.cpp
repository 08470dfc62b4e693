// The pruning loop of Ramhorst, Loncar and Constantinides, "FPGA Resource-aware Structured Pruning
// for Real-Time Neural Networks" (arXiv 2308.05170), with these differences: the knapsack is solved
// over all structures in every iteration and to proven optimality, a rejected target is approached
// again from below instead of ending the run, acceptance keeps a margin for the size of the
// validation sample, and the resources reported are counted from the zeros of the network.

#include "espalier/pruning/prune.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>
#include <utility>

#include "espalier/pruning/selection.hpp"
#include "espalier/resource_model/weight_layout.hpp"
#include "espalier/support/error.hpp"

#include "loop/acceptance.hpp"
#include "loop/hardware_link.hpp"
#include "loop/masks.hpp"
#include "loop/schedule.hpp"
#include "select/resource_rows.hpp"

namespace espalier::pruning {
namespace {

using Clock = std::chrono::steady_clock;
using resource_model::LayerStructures;
using resource_model::Resources;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void check_range(double value, double low, double high, const char* name) {
  if (!(value >= low && value <= high)) {
    throw Error("option " + std::string(name) + " is " + std::to_string(value) + "; expected " +
                std::to_string(low) + " to " + std::to_string(high));
  }
}

void check_options(const PruneOptions& options) {
  constexpr double kAny = 1e9;
  check_range(options.target_sparsity, 0.0, 1.0, "target_sparsity");
  check_range(options.tolerance, 0.0, 1.0, "tolerance");
  check_range(options.margin_standard_errors, 0.0, kAny, "margin_standard_errors");
  check_range(options.step, 1e-6, 1.0, "step");
  check_range(options.polynomial_steps, 1, kAny, "polynomial_steps");
  check_range(options.binary_resolution, 1e-6, 1.0, "binary_resolution");
  check_range(options.max_bad_trials, 1, kAny, "max_bad_trials");
  check_range(options.max_iterations, 0, kAny, "max_iterations");
  check_range(options.min_structures_per_layer, 0, kAny, "min_structures_per_layer");
  check_range(options.regularization, 0.0, kAny, "regularization");
  check_range(options.regrowth_epochs, 0, kAny, "regrowth_epochs");
  check_range(options.baseline_training.epochs, 0, kAny, "baseline_training.epochs");
  check_range(options.fine_tuning.epochs, 0, kAny, "fine_tuning.epochs");
  check_range(options.threads, 1, kAny, "threads");
}

Resources sum_of_structures(const std::vector<LayerStructures>& structures) {
  Resources sum;
  for (const LayerStructures& s : structures) {
    for (const ResourceDimension& d : kResourceDimensions) {
      sum.*d.amount +=
          (s.num_structures - 1) * s.per_structure.*d.amount + s.last_structure.*d.amount;
    }
  }
  return sum;
}

double removed_fraction(std::int64_t before, std::int64_t after) {
  return before == 0 ? 0.0 : static_cast<double>(before - after) / static_cast<double>(before);
}

/// One run: what stays the same through it, and the best state so far.
class PruneRun {
 public:
  PruneRun(Sequential& network, const DataSplit& data, const resource_model::Network& hardware,
           const PruneOptions& options, PruneObserver& observer);

  PruneReport run();

 private:
  void train_baseline();
  double final_target();
  Resources budget_for(double target) const;
  std::vector<std::vector<double>> values() const;
  Selection select(double target);
  bool iterate(double target);
  void regrow();
  double train_with_masks(TrainOptions training, const KernelMasks& masks);
  void describe_layers();
  void finish();
  bool stopping() const { return options_.stop.stop_requested(); }

  Sequential& network_;
  const DataSplit& data_;
  const resource_model::Network& hardware_;
  const PruneOptions& options_;
  PruneObserver& observer_;
  const Clock::time_point start_ = Clock::now();

  std::vector<LayerLink> links_;
  std::vector<LayerStructures> structures_;
  std::vector<Resources> baseline_by_layer_;
  Resources baseline_;
  Resources prunable_;  ///< part of the baseline that belongs to structures
  std::vector<GroupPenalty> penalties_;
  std::vector<std::uint8_t> baseline_correct_;

  Sequential best_;
  KernelMasks best_masks_;
  std::vector<std::int64_t> best_kept_;  ///< structures kept per layer
  std::uint64_t trainings_ = 0;
  PruneReport report_;
};

PruneRun::PruneRun(Sequential& network, const DataSplit& data,
                   const resource_model::Network& hardware, const PruneOptions& options,
                   PruneObserver& observer)
    : network_(network),
      data_(data),
      hardware_(hardware),
      options_(options),
      observer_(observer),
      links_(link_layers(network, hardware)),
      structures_(resource_model::form_structures(hardware, options.objective)),
      baseline_by_layer_(resources_of_all_weights(hardware, links_)),
      baseline_(sum_of(baseline_by_layer_)),
      prunable_(sum_of_structures(structures_)),
      penalties_(group_penalties(hardware, links_, structures_, baseline_, options.regularization)),
      best_(network) {
  for (const LayerStructures& s : structures_) best_kept_.push_back(s.num_structures);
  report_.data_description = data.description;
  report_.hardware = hardware;
  report_.settings = {.objective = options.objective,
                      .value = options.value,
                      .schedule = options.schedule,
                      .tolerance = options.tolerance,
                      .target_sparsity = options.target_sparsity,
                      .margin_standard_errors = options.margin_standard_errors,
                      .regularization = options.regularization,
                      .baseline_epochs = options.baseline_training.epochs,
                      .fine_tuning_epochs = options.fine_tuning.epochs,
                      .threads = options.threads,
                      .seed = options.seed};
}

/// Trains with the run's threads, stop token and observer, and a seed of its own.
double PruneRun::train_with_masks(TrainOptions training, const KernelMasks& masks) {
  training.seed = options_.seed + trainings_++;
  training.threads = options_.threads;
  training.stop = options_.stop;
  training.on_epoch = [this](const EpochReport& epoch) { observer_.on_epoch(epoch); };
  training.on_progress = [this](int epoch, double fraction) {
    observer_.on_progress(epoch, fraction);
  };
  return train(network_, data_.train, data_.validation, training, masks);
}

void PruneRun::train_baseline() {
  if (options_.baseline_training.epochs > 0) {
    observer_.on_phase("training the baseline");
    TrainOptions training = options_.baseline_training;
    training.penalties.clear();  // the baseline is what the network can do when nothing is asked
    train_with_masks(std::move(training), {});
  }
  baseline_correct_ = correct_samples(network_, data_.validation, options_.threads);
  report_.baseline = {.validation_accuracy = fraction_of(baseline_correct_),
                      .test_accuracy = accuracy(network_, data_.test, options_.threads),
                      .resources = baseline_};
  report_.pruned = report_.baseline;
  best_ = network_;
  observer_.on_baseline(report_.baseline);
}

/// The largest target that leaves room for the floors and for what no structure can free.
double PruneRun::final_target() {
  std::vector<std::vector<double>> no_values;
  for (const LayerStructures& s : structures_) {
    no_values.emplace_back(static_cast<std::size_t>(s.num_structures), 0.0);
  }
  // With all values zero exactly the floor is kept, the first structures of each layer; the last
  // structure of a layer never costs more than they do.
  const Selection floor =
      select_structures(structures_, no_values, prunable_, options_.min_structures_per_layer, 1);
  double target = options_.target_sparsity;
  for (const ResourceDimension& d : kResourceDimensions) {
    if (prunable_.*d.amount == 0) continue;
    const std::int64_t least = baseline_.*d.amount - prunable_.*d.amount + floor.used.*d.amount;
    target = std::min(target, removed_fraction(baseline_.*d.amount, least));
  }
  return target;
}

/// What the network may use: floor((1 - target) * baseline) of each dimension that structures can
/// free, the others as they are. The tiny addition keeps a target that is a quotient of integers
/// from losing a unit to rounding.
Resources PruneRun::budget_for(double target) const {
  Resources budget = baseline_;
  for (const ResourceDimension& d : kResourceDimensions) {
    if (prunable_.*d.amount == 0) continue;
    const double left = (1.0 - target) * static_cast<double>(baseline_.*d.amount);
    budget.*d.amount = static_cast<std::int64_t>(std::floor(left + 1e-6));
  }
  return budget;
}

std::vector<std::vector<double>> PruneRun::values() const {
  std::vector<std::vector<double>> result;
  for (std::size_t i = 0; i < links_.size(); ++i) {
    const auto& layer = hardware_.layers[static_cast<std::size_t>(links_[i].hardware_layer)];
    result.push_back(structure_values(network_.kernel(links_[i].network_layer), layer,
                                      structures_[i], options_.value));
  }
  return result;
}

Selection PruneRun::select(double target) {
  return select_structures(structures_, values(), budget_for(target) - (baseline_ - prunable_),
                           options_.min_structures_per_layer, options_.threads, options_.stop);
}

/// Without masks pruned structures have gradients again; those that matter gain a value.
void PruneRun::regrow() {
  if (options_.regrowth_epochs == 0 || best_masks_.empty()) return;
  TrainOptions training = options_.fine_tuning;
  training.epochs = options_.regrowth_epochs;
  training.restore_best = false;
  training.penalties = penalties_;
  train_with_masks(std::move(training), {});
}

/// One turn from the best state; false when a stop request cut it short, and then nothing counts.
bool PruneRun::iterate(double target) {
  const Clock::time_point start = Clock::now();
  IterationRecord record;
  record.iteration = static_cast<int>(report_.iterations.size()) + 1;
  record.target_sparsity = target;
  record.budget = budget_for(target);
  observer_.on_phase("iteration " + std::to_string(record.iteration));

  network_ = best_;
  regrow();
  if (stopping()) return false;
  const Selection selection = select(target);
  if (stopping()) return false;
  record.knapsack_items = selection.items;
  record.knapsack_rows = selection.rows;
  record.knapsack_status = selection.status;
  record.knapsack_objective = selection.objective;
  record.knapsack_bound = selection.bound;
  record.knapsack_scaling_error = selection.scaling_error;
  record.greedy_objective = selection.greedy_objective;
  record.knapsack_seconds = selection.seconds;
  record.knapsack_nodes = selection.nodes;
  record.selected = selection.used + (baseline_ - prunable_);

  KernelMasks masks = masks_of_selection(network_, hardware_, links_, structures_, selection.kept);
  apply_masks(network_, masks);
  record.accuracy_before_tuning = accuracy(network_, data_.validation, options_.threads);
  TrainOptions training = options_.fine_tuning;
  training.penalties = penalties_;
  train_with_masks(std::move(training), masks);
  if (stopping()) return false;

  const auto correct = correct_samples(network_, data_.validation, options_.threads);
  record.validation_accuracy = fraction_of(correct);
  record.required_accuracy =
      (1.0 - options_.tolerance) * report_.baseline.validation_accuracy +
      options_.margin_standard_errors * standard_error_of_difference(baseline_correct_, correct);
  record.resources = sum_of(resources_of_network(network_, hardware_, links_));
  record.accepted = record.validation_accuracy >= record.required_accuracy;
  record.seconds = seconds_since(start);
  if (record.accepted) {
    best_ = network_;
    best_masks_ = std::move(masks);
    for (std::size_t i = 0; i < best_kept_.size(); ++i) {
      best_kept_[i] = std::count(selection.kept[i].begin(), selection.kept[i].end(), 1);
    }
  }
  report_.iterations.push_back(record);
  observer_.on_iteration(record);
  return true;
}

void PruneRun::describe_layers() {
  const auto after = resources_of_network(network_, hardware_, links_);
  for (std::size_t i = 0; i < links_.size(); ++i) {
    const auto& layer = hardware_.layers[static_cast<std::size_t>(links_[i].hardware_layer)];
    const resource_model::WeightLayout layout(layer);
    const auto pattern = nonzero_pattern(network_.kernel(links_[i].network_layer), layer);
    LayerOutcome outcome;
    outcome.name = layer.name;
    outcome.structures = structures_[i].num_structures;
    outcome.structures_kept = best_kept_[i];
    outcome.weights = structures_[i].num_weights;
    outcome.weights_kept = std::count(pattern.begin(), pattern.end(), 1);
    outcome.before = baseline_by_layer_[i];
    outcome.after = best_masks_.empty() ? baseline_by_layer_[i] : after[i];
    outcome.lanes_kept.resize(static_cast<std::size_t>(layout.lane(outcome.weights - 1) + 1), 0);
    for (std::int64_t f = 0; f < outcome.weights; ++f) {
      auto& lane = outcome.lanes_kept[static_cast<std::size_t>(layout.lane(f))];
      lane |= pattern[static_cast<std::size_t>(f)];
    }
    const auto lanes = static_cast<std::int64_t>(outcome.lanes_kept.size());
    outcome.lanes_per_output = lanes % layer.fan_out() == 0 ? lanes / layer.fan_out() : 0;
    report_.layers.push_back(std::move(outcome));
  }
}

void PruneRun::finish() {
  network_ = best_;
  describe_layers();
  if (!best_masks_.empty()) {
    report_.pruned = {.validation_accuracy = accuracy(network_, data_.validation, options_.threads),
                      .test_accuracy = accuracy(network_, data_.test, options_.threads),
                      .resources = sum_of(resources_of_network(network_, hardware_, links_))};
  }
  const Resources& after = report_.pruned.resources;
  report_.dsp_reduction = removed_fraction(baseline_.dsp, after.dsp);
  report_.bram_reduction = removed_fraction(baseline_.bram18, after.bram18);
  if (report_.baseline.test_accuracy > 0.0) {
    report_.relative_accuracy_loss =
        1.0 - report_.pruned.test_accuracy / report_.baseline.test_accuracy;
  }
  report_.masks = best_masks_;
  report_.interrupted = stopping();
  report_.seconds = seconds_since(start_);
}

PruneReport PruneRun::run() {
  train_baseline();
  Schedule schedule(options_, final_target());
  for (int i = 0; i < options_.max_iterations && !stopping(); ++i) {
    const auto target = schedule.next();
    if (!target || !iterate(*target)) break;
    schedule.record(*target, report_.iterations.back().accepted);
  }
  finish();
  return std::move(report_);
}

}  // namespace

PruneReport prune(Sequential& network, const DataSplit& data,
                  const resource_model::Network& hardware, const PruneOptions& options,
                  PruneObserver* observer) {
  check_options(options);
  if (data.train.size() == 0 || data.validation.size() == 0 || data.test.size() == 0) {
    throw Error("the data have " + std::to_string(data.train.size()) + " training, " +
                std::to_string(data.validation.size()) + " validation and " +
                std::to_string(data.test.size()) + " test samples; expected at least one of each");
  }
  PruneObserver silent;
  return PruneRun(network, data, hardware, options, observer != nullptr ? *observer : silent).run();
}

}  // namespace espalier::pruning
