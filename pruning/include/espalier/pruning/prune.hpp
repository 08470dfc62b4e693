#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "espalier/pruning/dataset.hpp"
#include "espalier/pruning/network_trainer.hpp"
#include "espalier/pruning/selection.hpp"
#include "espalier/pruning/sequential.hpp"
#include "espalier/pruning/train.hpp"
#include "espalier/resource_model/network.hpp"
#include "espalier/resource_model/structure.hpp"

namespace espalier::pruning {

enum class ScheduleKind { kConstant, kPolynomial, kBinary };

/// One fraction per resource.
struct ResourceFractions {
  double dsp = 0.0, bram18 = 0.0, lut = 0.0, ff = 0.0;
};

/// An upper limit per resource, where there is one.
struct ResourceLimits {
  std::optional<std::int64_t> dsp = {}, bram18 = {}, lut = {}, ff = {};
};

/// What to prune, how far, and how to get there.
struct PruneOptions {
  // --- what to save, and how much: target_sparsity, unless one of the three below it is set ---

  /// Latency is no objective of its own: lanes run side by side, so that a layer takes as long as
  /// its reuse factor says until its last lane is gone. PruneReport states it.
  resource_model::Objective objective = {};
  /// Fraction of every prunable resource to remove in the end; 1 = as far as the tolerance allows.
  double target_sparsity = 1.0;
  /// A fraction for each resource. The targets of the iterations are those of the largest fraction,
  /// the others rise in proportion; 0 leaves a resource free.
  std::optional<ResourceFractions> target_fractions = {};
  /// What multipliers, with their logic, and weight memories may use in the end.
  std::optional<ResourceLimits> target_budget = {};
  /// Fit into the device of the hardware description together with everything else in it.
  bool fit_device = false;
  /// Every layer keeps at least this many structures, so that no layer dies.
  int min_structures_per_layer = 1;
  /// By layer name, a fraction of the structures that is kept in any case; 1 = never pruned.
  std::map<std::string, double> layer_floors = {};

  // --- how structures are valued and chosen ---

  ValueMetric value = ValueMetric::kL1;
  ValueScale value_scale = ValueScale::kLayerLargest;
  /// Training samples behind the values that need derivatives.
  int value_samples = 512;
  SelectionMethod selection = SelectionMethod::kExact;

  // --- what is accepted ---

  /// Accept while validation accuracy >= (1 - tolerance) * baseline + margin.
  double tolerance = 0.02;
  /// The margin, in standard errors of the difference between pruned and baseline accuracy on the
  /// validation samples (McNemar 1947, see loop/acceptance.hpp): validation is a sample, and the
  /// tolerance is to hold on data never seen. 1.64 is a one-sided confidence of 95 %.
  double margin_standard_errors = 1.64;

  // --- the loop ---

  ScheduleKind schedule = ScheduleKind::kConstant;
  double step = 0.05;         ///< sparsity step of the constant schedule
  int polynomial_steps = 16;  ///< iterations of the polynomial schedule
  /// Once something was accepted, a schedule ends where the limit is known to this.
  double resolution = 0.004;
  /// Once something was accepted, so many rejected targets in a row end the loop. Before that,
  /// steps are halved down to a single structure.
  int max_bad_trials = 3;
  int max_iterations = 100;
  /// Epochs without masks before each selection, in which pruned structures may grow back; with 0
  /// a pruned structure keeps value zero and stays pruned.
  int regrowth_epochs = 0;

  // --- training ---

  double regularization = 1e-4;  ///< strength of the group penalty while fine-tuning
  /// Strengths to try first: each prunes the baseline in two steps to 40 % and 80 % of the final
  /// target, and the one that keeps most validation accuracy replaces `regularization`. Empty:
  /// none.
  std::vector<double> regularization_candidates = {};
  /// Fine-tune, accept and evaluate the network in the fixed-point types of the hardware.
  bool fixed_point_tuning = false;
  /// Seeds, threads, penalties, types, stop token and callbacks of these two are set by prune().
  TrainOptions baseline_training = {};
  TrainOptions fine_tuning = {};

  // --- the run ---

  int threads = 1;
  std::uint64_t seed = 1;
  std::stop_token stop = {};
  /// File that holds the state after every iteration, replaced atomically; empty: none is kept.
  std::filesystem::path checkpoint = {};
  /// Go on from the checkpoint, where there is one: the rest of the run is the same, bit for bit,
  /// as if it had never ended. Throws Error when it was written by a run with other options or
  /// data.
  bool resume = false;
};

/// Accuracies as fractions; resources are those of multipliers, with their logic, and weight
/// memories.
struct NetworkState {
  double validation_accuracy = 0.0;
  double test_accuracy = 0.0;
  /// Of the network as the FPGA computes it (see FixedPointNetwork), where the trainer can tell.
  std::optional<double> fixed_point_validation_accuracy = {};
  std::optional<double> fixed_point_test_accuracy = {};
  resource_model::Resources resources;
};

/// One layer before and after.
struct LayerOutcome {
  std::string name;
  std::int64_t structures = 0;
  std::int64_t structures_kept = 0;
  std::int64_t weights = 0;
  std::int64_t weights_kept = 0;
  resource_model::Resources before;
  resource_model::Resources after;
  /// One flag per multiplier lane, 1 = some weight of it remains, in hardware order.
  std::vector<std::uint8_t> lanes_kept;
  /// Lanes of one output (neuron or filter); 0 where lanes span outputs.
  std::int64_t lanes_per_output = 0;
};

/// One turn of the loop: target, knapsack, fine-tuning, verdict.
struct IterationRecord {
  int iteration = 0;  ///< 1-based
  double target_sparsity = 0.0;
  resource_model::Resources
      budget;  ///< (1 - target) * baseline where structures can free something
  std::int64_t knapsack_items = 0;
  std::int64_t knapsack_rows = 0;
  std::string knapsack_status;      ///< "optimal" unless stopped or chosen by another method
  double knapsack_objective = 0.0;  ///< retained value, in the units of the structure values
  double knapsack_bound = 0.0;      ///< no selection retains more than this plus the next
  double knapsack_scaling_error = 0.0;
  double greedy_objective = 0.0;  ///< what a density-greedy selection would have retained
  double knapsack_seconds = 0.0;
  std::int64_t knapsack_nodes = 0;
  double accuracy_before_tuning = 0.0;  ///< validation
  double validation_accuracy = 0.0;
  double required_accuracy = 0.0;       ///< validation accuracy that acceptance needs
  resource_model::Resources selected;   ///< by the costs of the selected structures
  resource_model::Resources resources;  ///< recounted from the zeros of the network
  bool accepted = false;
  /// Of a trial that collapsed: the layer whose structures count twice as much from here on (see
  /// loop/blame.hpp); empty when no layer alone was to blame.
  std::string protected_layer;
  double seconds = 0.0;
};

/// The choices that shaped a run, as far as a report names them.
struct PruneSettings {
  resource_model::Objective objective = {};
  ValueMetric value = ValueMetric::kL1;
  ValueScale value_scale = ValueScale::kLayerLargest;
  SelectionMethod selection = SelectionMethod::kExact;
  ScheduleKind schedule = ScheduleKind::kConstant;
  double tolerance = 0.0;
  double target_sparsity = 0.0;
  double margin_standard_errors = 0.0;
  double regularization = 0.0;  ///< the chosen one
  bool fixed_point_tuning = false;
  int baseline_epochs = 0;
  int fine_tuning_epochs = 0;
  int regrowth_epochs = 0;
  int threads = 1;
  std::uint64_t seed = 1;
};

/// A strength of the group penalty that was tried, and the validation accuracy that it left.
struct RegularizationTrial {
  double strength = 0.0;
  double validation_accuracy = 0.0;
};

/// Everything that a report shows, computed; no report computes anything.
struct PruneReport {
  std::string task;
  std::string data_description;
  std::string command;
  resource_model::Network hardware;
  NetworkState baseline;
  NetworkState pruned;
  /// Fractions of the baseline that were removed; 0 where the baseline has none.
  double dsp_reduction = 0.0;
  double bram_reduction = 0.0;
  double lut_reduction = 0.0;
  double ff_reduction = 0.0;
  double relative_accuracy_loss = 0.0;  ///< on the test set; negative for a gain
  /// As the FPGA computes it, the network loses more validation accuracy than the tolerance allows:
  /// what was accepted in float needs wider types or PruneOptions::fixed_point_tuning.
  bool misses_tolerance_in_fixed_point = false;
  /// Estimates for the whole network, the same before and after pruning.
  std::int64_t latency_cycles = 0, ii_cycles = 0;
  PruneSettings settings;
  std::vector<LayerOutcome> layers;
  std::vector<IterationRecord> iterations;
  std::vector<RegularizationTrial> regularization_trials;
  LayerMasks masks;           ///< of the network that is returned; empty when nothing was accepted
  double final_target = 0.0;  ///< the target that was aimed at
  bool target_reached = false;
  bool interrupted = false;
  double seconds = 0.0;
};

/// Events of the loop, for progress displays. Calls never overlap.
class PruneObserver {
 public:
  virtual ~PruneObserver() = default;
  virtual void on_phase(const std::string& /*what*/) {}  ///< "training the baseline", ...
  virtual void on_epoch(const EpochReport&) {}
  virtual void on_progress(int /*epoch*/, double /*fraction*/) {}
  virtual void on_baseline(const NetworkState&) {}
  virtual void on_iteration(const IterationRecord&) {}
};

/// The network that a hardware description describes, parameters zero: dense and convolution
/// layers, batch normalisations right behind them, pools, flatten, ReLU and dropout. The softmax or
/// sigmoid of the last layer belongs to the loss. Throws Error naming the layer for anything else.
Sequential make_network(const resource_model::Network& hardware);

/// The description of the network that fold_batch_norm() makes of one that this describes: each
/// normalisation right behind a layer with weights is gone, its activation and result type are that
/// layer's.
resource_model::Network fold_batch_norm(const resource_model::Network& hardware);

/// Throws Error as prune() would for options out of range, floors of unknown layers, reuse factors
/// that cannot be and goals that cannot be reached: everything that needs no data and no training.
void check_prune(const resource_model::Network& hardware, const PruneOptions& options);

/// Trains the network (unless `baseline_training.epochs` is 0), folds its batch normalisations,
/// then prunes it: raise the target, choose structures by an exact knapsack, mask, fine-tune,
/// accept or reject on validation data.
///
/// Training starts from the parameters that `network` has. `network` ends as the accepted one with
/// the highest target, folded. Layers of `hardware` that have weights correspond, in order, to the
/// layers of `network` that have weights; throws Error when they do not, or when an option is out
/// of range. A stop request ends the run early with what was accepted so far and `interrupted` set.
/// `hardware` of the report is folded like the network; `task` and `command` are left for the
/// caller to fill in.
PruneReport prune(Sequential& network, const DataSplit& data,
                  const resource_model::Network& hardware, const PruneOptions& options,
                  PruneObserver* observer = nullptr);

/// The same loop around any training code. `trainer` ends in the accepted state with the highest
/// target. The options under "training" are the trainer's own business, except for the strengths of
/// the penalty, which it is told.
PruneReport prune(NetworkTrainer& trainer, const resource_model::Network& hardware,
                  const PruneOptions& options, PruneObserver* observer = nullptr);

}  // namespace espalier::pruning
