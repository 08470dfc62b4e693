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
  /// Accept while validation accuracy >= (1 - tolerance) * baseline.
  double tolerance = 0.02;
  ScheduleKind schedule = ScheduleKind::kConstant;
  double step = 0.05;               ///< sparsity step of the constant schedule
  int polynomial_steps = 16;        ///< iterations of the polynomial schedule
  double binary_resolution = 0.01;  ///< the binary schedule stops below this interval
  int max_bad_trials = 2;           ///< rejected targets in a row before the loop ends
  int max_iterations = 100;
  /// Every layer keeps at least this many structures, so that no layer dies.
  int min_structures_per_layer = 1;
  double regularization = 1e-4;     ///< strength of the group penalty
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
};

/// One turn of the loop: target, knapsack, fine-tuning, verdict.
struct IterationRecord {
  int iteration = 0;               ///< 1-based
  double target_sparsity = 0.0;
  std::int64_t knapsack_items = 0;
  std::int64_t knapsack_rows = 0;
  std::string knapsack_status;     ///< "optimal" unless stopped
  double knapsack_objective = 0.0; ///< retained value, in the units of the structure values
  double knapsack_bound = 0.0;
  double greedy_objective = 0.0;   ///< what a density-greedy selection would have retained
  double knapsack_seconds = 0.0;
  std::int64_t knapsack_nodes = 0;
  double accuracy_before_tuning = 0.0;  ///< validation
  double validation_accuracy = 0.0;
  resource_model::Resources resources;
  bool accepted = false;
  double seconds = 0.0;
};

/// Everything that a report shows, computed; no report computes anything.
struct PruneReport {
  std::string task;
  std::string data_description;
  std::string command;
  resource_model::Network hardware;
  NetworkState baseline;
  NetworkState pruned;
  std::vector<LayerOutcome> layers;
  std::vector<IterationRecord> iterations;
  KernelMasks masks;               ///< of the network that is returned
  bool interrupted = false;
  double seconds = 0.0;
};

/// Events of the loop, for progress displays. Calls never overlap.
class PruneObserver {
 public:
  virtual ~PruneObserver() = default;
  virtual void on_phase(const std::string& /*what*/) {}   ///< "training the baseline", ...
  virtual void on_epoch(const EpochReport&) {}
  virtual void on_progress(int /*epoch*/, double /*fraction*/) {}
  virtual void on_baseline(const NetworkState&) {}
  virtual void on_iteration(const IterationRecord&) {}
};

/// Trains the network (unless `baseline_training.epochs` is 0), then prunes it: raise the target,
/// choose structures by an exact knapsack, mask, fine-tune, accept or reject on validation data.
/// `network` ends as the best accepted one. Layers of `hardware` that have weights correspond, in
/// order, to the layers of `network` that have weights; throws Error when they do not.
PruneReport prune(Sequential& network, const DataSplit& data, const resource_model::Network& hardware,
                  const PruneOptions& options, PruneObserver* observer = nullptr);

}  // namespace espalier::pruning
