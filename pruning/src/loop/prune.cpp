// The pruning loop of Ramhorst, Loncar and Constantinides, "FPGA Resource-aware Structured Pruning
// for Real-Time Neural Networks" (arXiv 2308.05170), with these differences: the knapsack is solved
// over all structures in every iteration and to proven optimality, a rejected target is approached
// again from below instead of ending the run and teaches which layer matters, acceptance keeps a
// margin for the size of the validation sample, and the resources reported are counted from the
// zeros of the network.

#include "espalier/pruning/prune.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "espalier/pruning/selection.hpp"
#include "espalier/resource_model/estimate.hpp"
#include "espalier/support/error.hpp"

#include "loop/acceptance.hpp"
#include "loop/blame.hpp"
#include "loop/check_options.hpp"
#include "loop/checkpoint.hpp"
#include "loop/goal.hpp"
#include "loop/hardware_link.hpp"
#include "loop/layer_outcome.hpp"
#include "loop/masks.hpp"
#include "loop/schedule.hpp"
#include "loop/sequential_trainer.hpp"

namespace espalier::pruning {
namespace {

using Clock = std::chrono::steady_clock;
using resource_model::LayerStructures;
using resource_model::Resources;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

PruneSettings settings_of(const PruneOptions& options) {
  return {.objective = options.objective,
          .value = options.value,
          .value_scale = options.value_scale,
          .selection = options.selection,
          .schedule = options.schedule,
          .tolerance = options.tolerance,
          .target_sparsity = options.target_sparsity,
          .margin_standard_errors = options.margin_standard_errors,
          .regularization = options.regularization,
          .fixed_point_tuning = options.fixed_point_tuning,
          .baseline_epochs = options.baseline_training.epochs,
          .fine_tuning_epochs = options.fine_tuning.epochs,
          .regrowth_epochs = options.regrowth_epochs,
          .threads = options.threads,
          .seed = options.seed};
}

/// One run: what stays the same through it, and its state, which is what a checkpoint holds.
class PruneRun {
 public:
  PruneRun(NetworkTrainer& trainer, const resource_model::Network& hardware,
           const PruneOptions& options, PruneObserver& observer);

  PruneReport run();

 private:
  bool resume();
  void start();
  void choose_regularization();
  double pruned_accuracy(double strength);
  Selection select(double target);
  std::vector<std::vector<double>> values();
  bool iterate(double target);
  void judge(IterationRecord& record);
  void learn_from_collapse(IterationRecord& record, const LayerMasks& masks,
                           const Selection& selection);
  NetworkState measure(const Evaluation& validation, const Resources& resources);
  void keep_checkpoint();
  void finish();
  std::uint64_t next_seed() noexcept { return options_.seed + state_.trainings++; }
  bool stopping() const { return options_.stop.stop_requested(); }
  double seconds() const { return earlier_seconds_ + seconds_since(start_); }

  NetworkTrainer& trainer_;
  const resource_model::Network& hardware_;
  const PruneOptions& options_;
  PruneObserver& observer_;
  const Clock::time_point start_ = Clock::now();
  double earlier_seconds_ = 0.0;  ///< of the run that is resumed

  std::vector<LayerStructures> structures_;
  std::vector<std::int64_t> floors_;
  std::vector<Resources> baseline_by_layer_;
  Resources baseline_;
  Resources prunable_;  ///< part of the baseline that belongs to structures
  Goal goal_;
  std::string identity_;
  RunState state_;
  PruneReport report_;
};

PruneRun::PruneRun(NetworkTrainer& trainer, const resource_model::Network& hardware,
                   const PruneOptions& options, PruneObserver& observer)
    : trainer_(trainer),
      hardware_(hardware),
      options_(options),
      observer_(observer),
      structures_(resource_model::form_structures(hardware, options.objective)),
      floors_(structure_floors(options, hardware, structures_)),
      baseline_by_layer_(resources_of_all_weights(hardware)),
      baseline_(sum_of(baseline_by_layer_)),
      prunable_(sum_of_structures(structures_)),
      goal_(options, hardware, structures_, baseline_) {
  resources_of_kernels(trainer.kernels(), hardware);  // throws where sizes disagree
  if (!options.checkpoint.empty()) {
    identity_ = run_identity(options, hardware, trainer.kernels());
  }
  report_.hardware = hardware;
  report_.settings = settings_of(options);
  const auto estimate = resource_model::estimate(hardware);
  report_.latency_cycles = estimate.latency_cycles;
  report_.ii_cycles = estimate.ii_cycles;
}

/// Goes on from the checkpoint if that is asked for and there is one.
bool PruneRun::resume() {
  if (!options_.resume || options_.checkpoint.empty()) return false;
  auto state = read_checkpoint(options_.checkpoint, identity_);
  if (!state) return false;
  state_ = *std::move(state);
  earlier_seconds_ = state_.seconds;
  trainer_.restore(state_.best_network);
  trainer_.set_regularization(state_.regularization);
  observer_.on_baseline(state_.baseline);
  for (const IterationRecord& it : state_.iterations) observer_.on_iteration(it);
  return true;
}

void PruneRun::start() {
  observer_.on_phase("training the baseline");
  trainer_.set_regularization(options_.regularization);
  trainer_.train_baseline(next_seed());
  const Evaluation validation = trainer_.evaluate(DataPart::kValidation);
  state_.baseline = measure(validation, baseline_);
  state_.baseline_correct = validation.correct;
  state_.best_network = trainer_.save();
  for (const LayerStructures& s : structures_) state_.best_kept.push_back(s.num_structures);
  state_.value_weights.assign(structures_.size(), 1.0);
  state_.regularization = options_.regularization;
  observer_.on_baseline(state_.baseline);
  if (!options_.regularization_candidates.empty()) choose_regularization();
  if (!stopping()) keep_checkpoint();
}

/// Of equally good strengths the smaller one: it bends the network less.
void PruneRun::choose_regularization() {
  double best_accuracy = -1.0;
  for (const double strength : options_.regularization_candidates) {
    observer_.on_phase("trying group penalty " + std::to_string(strength));
    const double accuracy = pruned_accuracy(strength);
    if (stopping()) return;
    state_.regularization_trials.push_back({strength, accuracy});
    const bool is_better =
        accuracy > best_accuracy || (accuracy == best_accuracy && strength < state_.regularization);
    if (is_better) {
      best_accuracy = accuracy;
      state_.regularization = strength;
    }
  }
  trainer_.set_regularization(state_.regularization);
}

/// Two steps, so that the penalty of the first can act on the choice of the second.
double PruneRun::pruned_accuracy(double strength) {
  trainer_.set_regularization(strength);
  trainer_.restore(state_.best_network);
  for (const double share : {0.4, 0.8}) {
    if (stopping()) return 0.0;
    const Selection selection = select(share * goal_.final_target());
    trainer_.fine_tune(masks_of_selection(hardware_, structures_, selection.kept), next_seed());
  }
  return trainer_.evaluate(DataPart::kValidation).accuracy;
}

std::vector<std::vector<double>> PruneRun::values() {
  std::vector<std::vector<float>> sensitivity;
  if (options_.value == ValueMetric::kGradient) {
    sensitivity = trainer_.sensitivity(Sensitivity::kGradient);
  } else if (options_.value == ValueMetric::kSecondOrder) {
    sensitivity = trainer_.sensitivity(Sensitivity::kSecondOrder);
  }
  const auto kernels = trainer_.kernels();
  const std::vector<int> layers = layers_with_weights(hardware_);
  std::vector<std::vector<double>> result;
  for (const LayerStructures& s : structures_) {
    const auto place = std::find(layers.begin(), layers.end(), s.layer) - layers.begin();
    const auto k = static_cast<std::size_t>(place);
    result.push_back(structure_values(
        kernels[k], hardware_.layers[static_cast<std::size_t>(s.layer)], s, options_.value,
        options_.value_scale,
        sensitivity.empty() ? std::span<const float>() : std::span<const float>(sensitivity[k])));
    const double weight = state_.value_weights[result.size() - 1];
    for (double& value : result.back()) value *= weight;
  }
  return result;
}

Selection PruneRun::select(double target) {
  Selection selection =
      select_structures(structures_, values(), goal_.budget(target) - (baseline_ - prunable_),
                        {.method = options_.selection,
                         .floors = floors_,
                         .threads = options_.threads,
                         .stop = options_.stop,
                         .start_multipliers = state_.multipliers});
  if (!selection.multipliers.empty()) state_.multipliers = selection.multipliers;
  return selection;
}

void describe(const Selection& selection, const Resources& fixed_part, IterationRecord& record) {
  record.knapsack_items = selection.items;
  record.knapsack_rows = selection.rows;
  record.knapsack_status = selection.status;
  record.knapsack_objective = selection.objective;
  record.knapsack_bound = selection.bound;
  record.knapsack_scaling_error = selection.scaling_error;
  record.greedy_objective = selection.greedy_objective;
  record.knapsack_seconds = selection.seconds;
  record.knapsack_nodes = selection.nodes;
  record.selected = selection.used + fixed_part;
}

/// One turn from the best state; false when a stop request cut it short, and then nothing counts.
bool PruneRun::iterate(double target) {
  const Clock::time_point start = Clock::now();
  IterationRecord record;
  record.iteration = static_cast<int>(state_.iterations.size()) + 1;
  record.target_sparsity = target;
  record.budget = goal_.budget(target);
  observer_.on_phase("iteration " + std::to_string(record.iteration));

  trainer_.restore(state_.best_network);
  // Without masks pruned structures have gradients again; those that matter gain a value.
  if (options_.regrowth_epochs > 0 && !state_.best_masks.empty()) trainer_.regrow(next_seed());
  if (stopping()) return false;
  const Selection selection = select(target);
  if (stopping()) return false;
  describe(selection, baseline_ - prunable_, record);

  LayerMasks masks = masks_of_selection(hardware_, structures_, selection.kept);
  trainer_.apply_masks(masks);
  record.accuracy_before_tuning = trainer_.evaluate(DataPart::kValidation).accuracy;
  trainer_.fine_tune(masks, next_seed());
  if (stopping()) return false;
  judge(record);
  record.seconds = seconds_since(start);
  if (record.accepted) {
    state_.best_network = trainer_.save();
    state_.best_masks = std::move(masks);
    for (std::size_t i = 0; i < state_.best_kept.size(); ++i) {
      state_.best_kept[i] = std::count(selection.kept[i].begin(), selection.kept[i].end(), 1);
    }
  } else if (has_collapsed(state_.baseline.validation_accuracy, record.required_accuracy,
                           record.validation_accuracy)) {
    learn_from_collapse(record, masks, selection);
  }
  state_.iterations.push_back(record);
  keep_checkpoint();
  observer_.on_iteration(record);
  return true;
}

void PruneRun::judge(IterationRecord& record) {
  const Evaluation validation = trainer_.evaluate(DataPart::kValidation);
  record.validation_accuracy = validation.accuracy;
  record.required_accuracy = (1.0 - options_.tolerance) * state_.baseline.validation_accuracy;
  if (!validation.correct.empty()) {
    record.required_accuracy +=
        options_.margin_standard_errors *
        standard_error_of_difference(state_.baseline_correct, validation.correct);
  }
  record.resources = sum_of(resources_of_kernels(trainer_.kernels(), hardware_));
  record.accepted = record.validation_accuracy >= record.required_accuracy;
}

/// Tries the removals of each layer alone on the best state; the layer to blame counts double from
/// here on.
void PruneRun::learn_from_collapse(IterationRecord& record, const LayerMasks& masks,
                                   const Selection& selection) {
  const std::vector<int> layers = layers_with_weights(hardware_);
  std::vector<LayerTrial> trials(layers.size());
  const auto trial_of = [&](const LayerStructures& s) -> LayerTrial& {
    const auto place = std::find(layers.begin(), layers.end(), s.layer) - layers.begin();
    return trials[static_cast<std::size_t>(place)];
  };
  for (std::size_t i = 0; i < structures_.size(); ++i) {
    const auto kept = std::count(selection.kept[i].begin(), selection.kept[i].end(), 1);
    trial_of(structures_[i]).share_freed += static_cast<double>(state_.best_kept[i] - kept) *
                                            share_of(structures_[i].per_structure, baseline_);
  }
  trainer_.restore(state_.best_network);
  const double best_accuracy = trainer_.evaluate(DataPart::kValidation).accuracy;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    if (trials[i].share_freed <= 0.0) continue;
    trainer_.restore(state_.best_network);
    LayerMasks alone = state_.best_masks;
    if (alone.empty()) {
      for (const auto& mask : masks) alone.emplace_back(mask.size(), std::uint8_t{1});
    }
    alone[i] = masks[i];
    trainer_.apply_masks(alone);
    trials[i].accuracy = trainer_.evaluate(DataPart::kValidation).accuracy;
  }
  const auto blamed = layer_to_blame(trials, best_accuracy, record.required_accuracy);
  if (!blamed) return;
  record.protected_layer = hardware_.layers[static_cast<std::size_t>(layers[*blamed])].name;
  for (std::size_t i = 0; i < structures_.size(); ++i) {
    if (structures_[i].layer == layers[*blamed]) state_.value_weights[i] *= 2.0;
  }
}

NetworkState PruneRun::measure(const Evaluation& validation, const Resources& resources) {
  return {.validation_accuracy = validation.accuracy,
          .test_accuracy = trainer_.evaluate(DataPart::kTest).accuracy,
          .fixed_point_validation_accuracy = trainer_.fixed_point_accuracy(DataPart::kValidation),
          .fixed_point_test_accuracy = trainer_.fixed_point_accuracy(DataPart::kTest),
          .resources = resources};
}

void PruneRun::keep_checkpoint() {
  if (options_.checkpoint.empty()) return;
  state_.seconds = seconds();
  write_checkpoint(options_.checkpoint, identity_, state_);
}

void PruneRun::finish() {
  trainer_.restore(state_.best_network);
  const bool is_pruned = !state_.best_masks.empty();
  const auto after =
      is_pruned ? resources_of_kernels(trainer_.kernels(), hardware_) : baseline_by_layer_;
  report_.layers = describe_layers(trainer_.kernels(), hardware_, structures_, state_.best_kept,
                                   baseline_by_layer_, after);
  report_.baseline = state_.baseline;
  report_.pruned = is_pruned ? measure(trainer_.evaluate(DataPart::kValidation), sum_of(after))
                             : state_.baseline;
  report_.dsp_reduction = removed_fraction(baseline_.dsp, report_.pruned.resources.dsp);
  report_.bram_reduction = removed_fraction(baseline_.bram18, report_.pruned.resources.bram18);
  report_.lut_reduction = removed_fraction(baseline_.lut, report_.pruned.resources.lut);
  report_.ff_reduction = removed_fraction(baseline_.ff, report_.pruned.resources.ff);
  if (report_.baseline.test_accuracy > 0.0) {
    report_.relative_accuracy_loss =
        1.0 - report_.pruned.test_accuracy / report_.baseline.test_accuracy;
  }
  report_.misses_tolerance_in_fixed_point =
      report_.pruned.fixed_point_validation_accuracy &&
      *report_.pruned.fixed_point_validation_accuracy <
          (1.0 - options_.tolerance) * state_.baseline.validation_accuracy;
  report_.settings.regularization = state_.regularization;
  report_.regularization_trials = state_.regularization_trials;
  report_.iterations = state_.iterations;
  report_.masks = state_.best_masks;
  report_.final_target = goal_.final_target();
  report_.interrupted = stopping();
  report_.seconds = seconds();
}

PruneReport PruneRun::run() {
  if (!resume()) start();
  Schedule schedule(options_, goal_.final_target(), goal_.smallest_step());
  for (const IterationRecord& it : state_.iterations) {
    schedule.record(it.target_sparsity, it.accepted);
  }
  while (static_cast<int>(state_.iterations.size()) < options_.max_iterations && !stopping()) {
    const auto target = schedule.next();
    if (!target || !iterate(*target)) break;
    schedule.record(*target, state_.iterations.back().accepted);
  }
  finish();
  report_.target_reached = schedule.accepted_target() >= goal_.final_target();
  return std::move(report_);
}

}  // namespace

std::vector<std::vector<float>> NetworkTrainer::sensitivity(Sensitivity /*kind*/) {
  throw Error("this trainer has no derivatives; expected a value that needs none, such as l1");
}

void check_prune(const resource_model::Network& hardware, const PruneOptions& options) {
  check_options(options);
  const resource_model::Network folded = fold_batch_norm(hardware);
  const auto structures = resource_model::form_structures(folded, options.objective);
  Goal(options, folded, structures, sum_of(resources_of_all_weights(folded)));
}

PruneReport prune(NetworkTrainer& trainer, const resource_model::Network& hardware,
                  const PruneOptions& options, PruneObserver* observer) {
  check_options(options);
  PruneObserver silent;
  return PruneRun(trainer, hardware, options, observer != nullptr ? *observer : silent).run();
}

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
  PruneObserver& watching = observer != nullptr ? *observer : silent;
  const resource_model::Network folded = fold_batch_norm(hardware);
  SequentialTrainer trainer(network, data, folded, options, watching);
  PruneReport report = prune(trainer, folded, options, &watching);
  report.data_description = data.description;
  network = trainer.network();
  return report;
}

}  // namespace espalier::pruning
