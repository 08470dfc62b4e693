#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "espalier/pruning/dataset.hpp"
#include "espalier/pruning/sequential.hpp"
#include "espalier/pruning/train.hpp"
#include "espalier/resource_model/network.hpp"
#include "espalier/resource_model/structure.hpp"

namespace espalier::pruning {

enum class ValueNorm { kL1, kL2 };
enum class ScheduleKind { kConstant, kPolynomial, kBinary };

/// What to prune, how far, and how to get there.
struct PruneOptions {
  resource_model::Objective objective = resource_model::Objective::kDsp;
  /// Norm of a structure's weights, divided by the largest of its layer.
  ValueNorm value = ValueNorm::kL1;
  /// Fraction of every prunable resource to remove in the end; 1 = as far as the tolerance allows.
  double target_sparsity = 1.0;
  /// Accept while validation accuracy >= (1 - tolerance) * baseline + margin.
  double tolerance = 0.02;
  /// The margin, in standard errors of the difference between pruned and baseline accuracy on the
  /// validation samples (McNemar 1947, see loop/acceptance.hpp): validation is a sample, and the
  /// tolerance is to hold on data never seen. 1.64 is a one-sided confidence of 95 %.
  double margin_standard_errors = 1.64;
  ScheduleKind schedule = ScheduleKind::kConstant;
  double step = 0.05;               ///< sparsity step of the constant schedule
  int polynomial_steps = 16;        ///< iterations of the polynomial schedule
  double binary_resolution = 0.01;  ///< a schedule ends below this step or interval
  int max_bad_trials = 3;           ///< rejected targets in a row before the loop ends
  int max_iterations = 100;
  /// Every layer keeps at least this many structures, so that no layer dies.
  int min_structures_per_layer = 1;
  double regularization = 1e-4;  ///< strength of the group penalty while fine-tuning
  /// Epochs without masks before each selection, in which pruned structures may grow back; with 0
  /// a pruned structure keeps value zero and stays pruned.
  int regrowth_epochs = 0;
  /// Seeds, threads, penalties, stop token and callbacks of these two are set by prune().
  TrainOptions baseline_training = {};
  TrainOptions fine_tuning = {};
  int threads = 1;
  std::uint64_t seed = 1;
  std::stop_token stop = {};
};

/// Accuracies as fractions; resources are those of multipliers and weight memories.
struct NetworkState {
  double validation_accuracy = 0.0;
  double test_accuracy = 0.0;
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
  std::string knapsack_status;      ///< "optimal" unless stopped
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
  double seconds = 0.0;
};

/// The choices that shaped a run, as far as a report names them.
struct PruneSettings {
  resource_model::Objective objective = resource_model::Objective::kDsp;
  ValueNorm value = ValueNorm::kL1;
  ScheduleKind schedule = ScheduleKind::kConstant;
  double tolerance = 0.0;
  double target_sparsity = 0.0;
  double margin_standard_errors = 0.0;
  double regularization = 0.0;
  int baseline_epochs = 0;
  int fine_tuning_epochs = 0;
  int threads = 1;
  std::uint64_t seed = 1;
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
  double relative_accuracy_loss = 0.0;  ///< on the test set; negative for a gain
  PruneSettings settings;
  std::vector<LayerOutcome> layers;
  std::vector<IterationRecord> iterations;
  KernelMasks masks;  ///< of the network that is returned
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

/// The network that a hardware description describes, parameters zero: dense and 2D convolution
/// layers, pools, flatten and ReLU. The softmax or sigmoid of the last layer belongs to the loss.
/// Throws Error naming the layer for anything else.
Sequential make_network(const resource_model::Network& hardware);

/// Trains the network (unless `baseline_training.epochs` is 0), then prunes it: raise the target,
/// choose structures by an exact knapsack, mask, fine-tune, accept or reject on validation data.
///
/// Training starts from the parameters that `network` has. `network` ends as the accepted one with
/// the highest target. Layers of `hardware` that have weights correspond, in order, to the layers
/// of `network` that have weights; throws Error when they do not, or when an option is out of
/// range. A stop request ends the run early with what was accepted so far and `interrupted` set.
/// `task` and `command` of the report are left for the caller to fill in.
PruneReport prune(Sequential& network, const DataSplit& data,
                  const resource_model::Network& hardware, const PruneOptions& options,
                  PruneObserver* observer = nullptr);

}  // namespace espalier::pruning
