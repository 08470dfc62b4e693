#pragma once

#include <string>
#include <vector>

#include "espalier/pruning/prune.hpp"

/// A pruning task of a second or less.
namespace espalier::tests {

using namespace espalier::pruning;
using resource_model::Activation;
using resource_model::Layer;
using resource_model::Network;
using resource_model::Objective;
using resource_model::Strategy;

/// 16-16-8-5 at RF 4, 18 bit: structures of two lanes and one memory word.
inline Network small_hardware() {
  Network hardware;
  int n_in = 16;
  for (const int n_out : {16, 8, 5}) {
    Layer layer;
    layer.name = "fc" + std::to_string(hardware.layers.size() + 1);
    layer.n_in = n_in;
    layer.n_out = n_out;
    layer.strategy = Strategy::kResource;
    layer.reuse_factor = 4;
    layer.weight = {.width_bits = 18, .integer_bits = 8};
    layer.activation = n_out == 5 ? Activation::kSoftmax : Activation::kRelu;
    hardware.layers.push_back(layer);
    n_in = n_out;
  }
  return hardware;
}

inline const DataSplit& small_jets() {
  static const DataSplit data = generate_jets(12000, 4000, 4000, 4);
  return data;
}

inline PruneOptions small_options() {
  PruneOptions options;
  options.objective = Objective::kDspAndBram;
  options.schedule = ScheduleKind::kPolynomial;
  options.polynomial_steps = 8;
  options.max_bad_trials = 1;
  options.tolerance = 0.05;
  options.baseline_training.epochs = 12;
  options.fine_tuning.epochs = 8;
  options.fine_tuning.learning_rate = 3e-3F;
  options.baseline_training.learning_rate = 3e-3F;
  return options;
}

struct Outcome {
  Sequential network;
  PruneReport report;
};

inline Outcome run_small(const PruneOptions& options, PruneObserver* observer = nullptr,
                         const Network& hardware = small_hardware()) {
  Outcome outcome{make_network(hardware), {}};
  outcome.network.initialize(options.seed);
  outcome.report = prune(outcome.network, small_jets(), hardware, options, observer);
  return outcome;
}

inline std::vector<float> kernels_of(const Sequential& network) {
  std::vector<float> all;
  for (int i = 0; i < network.num_layers(); ++i) {
    all.insert(all.end(), network.kernel(i).begin(), network.kernel(i).end());
  }
  return all;
}

}  // namespace espalier::tests
