#include <stop_token>
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/pruning/prune.hpp"
#include "espalier/support/error.hpp"

using namespace espalier::pruning;
using espalier::resource_model::Activation;
using espalier::resource_model::Layer;
using espalier::resource_model::Network;
using espalier::resource_model::Objective;
using espalier::resource_model::Strategy;

namespace {

/// 16-16-8-5 at RF 4, 18 bit: structures of two lanes and one memory word.
Network small_hardware() {
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

const DataSplit& small_jets() {
  static const DataSplit data = generate_jets(12000, 4000, 4000, 4);
  return data;
}

PruneOptions small_options() {
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

Outcome run(const PruneOptions& options, PruneObserver* observer = nullptr) {
  const Network hardware = small_hardware();
  Outcome outcome{make_network(hardware), {}};
  outcome.network.initialize(options.seed);
  outcome.report = prune(outcome.network, small_jets(), hardware, options, observer);
  return outcome;
}

std::vector<float> kernels_of(const Sequential& network) {
  std::vector<float> all;
  for (int i = 0; i < network.num_layers(); ++i) {
    all.insert(all.end(), network.kernel(i).begin(), network.kernel(i).end());
  }
  return all;
}

/// Requests a stop in the given iteration.
class StopInIteration final : public PruneObserver {
 public:
  explicit StopInIteration(int iteration) : iteration_(iteration) {}
  std::stop_token token() const { return source_.get_token(); }
  void on_iteration(const IterationRecord& it) override {
    if (it.iteration >= iteration_) armed_ = true;
  }
  void on_epoch(const EpochReport&) override {
    if (armed_) source_.request_stop();
  }

 private:
  int iteration_;
  bool armed_ = false;
  std::stop_source source_;
};

}  // namespace

TEST_CASE("pruning removes hardware and stays within the tolerance", "[loop]") {
  const auto [network, report] = run(small_options());
  REQUIRE_FALSE(report.iterations.empty());
  CHECK_FALSE(report.interrupted);
  const auto& baseline = report.baseline;
  CHECK(baseline.resources.dsp == 64 + 32 + 10);
  CHECK(report.dsp_reduction > 0.3);
  CHECK(report.pruned.validation_accuracy >= 0.95 * baseline.validation_accuracy);
  CHECK(report.pruned.test_accuracy == accuracy(network, small_jets().test));
  CHECK(report.pruned.validation_accuracy == accuracy(network, small_jets().validation));

  std::int64_t dsp = 0;
  for (const LayerOutcome& layer : report.layers) {
    CHECK(layer.structures_kept >= 1);
    CHECK(layer.weights_kept <= layer.weights);
    dsp += layer.after.dsp;
  }
  CHECK(dsp == report.pruned.resources.dsp);
}

TEST_CASE("every iteration is proven optimal and keeps to its budget", "[loop]") {
  const auto [network, report] = run(small_options());
  int accepted = 0;
  for (const IterationRecord& it : report.iterations) {
    CAPTURE(it.iteration);
    CHECK(it.knapsack_status == "optimal");
    CHECK(it.knapsack_rows == 2);
    CHECK(it.knapsack_bound == it.knapsack_objective);
    CHECK(it.greedy_objective <= it.knapsack_objective);
    CHECK(it.resources == it.selected);  // the zeros of the network agree with the knapsack
    CHECK(it.resources.dsp <= it.budget.dsp);
    CHECK(it.resources.bram18 <= it.budget.bram18);
    CHECK(it.accepted == (it.validation_accuracy >= it.required_accuracy));
    accepted += it.accepted ? 1 : 0;
    if (it.accepted) CHECK(report.pruned.resources.dsp <= it.resources.dsp);
  }
  CHECK(accepted > 0);
}

TEST_CASE("a run is the same for any number of threads and its seed", "[loop]") {
  PruneOptions options = small_options();
  options.polynomial_steps = 3;
  const auto one = run(options);
  options.threads = 3;
  const auto three = run(options);
  CHECK(kernels_of(one.network) == kernels_of(three.network));
  CHECK(one.report.masks == three.report.masks);
  options.seed = 2;
  CHECK(kernels_of(run(options).network) != kernels_of(one.network));
}

TEST_CASE("a stop in the middle returns what was accepted before", "[loop]") {
  StopInIteration observer(2);
  PruneOptions options = small_options();
  options.tolerance = 1.0;  // everything is accepted
  options.margin_standard_errors = 0.0;
  options.stop = observer.token();
  const auto [network, report] = run(options, &observer);
  CHECK(report.interrupted);
  REQUIRE(report.iterations.size() == 2);
  CHECK(report.pruned.resources == report.iterations.back().resources);
  CHECK(report.pruned.validation_accuracy == report.iterations.back().validation_accuracy);
  for (int i = 0; i < network.num_layers(); ++i) {
    if (!network.has_weights(i)) continue;
    const auto& mask = report.masks[static_cast<std::size_t>(i)];
    for (std::size_t k = 0; k < mask.size(); ++k) {
      if (mask[k] == 0) REQUIRE(network.kernel(i)[k] == 0.0F);
    }
  }
}

TEST_CASE("a run that accepts nothing returns the baseline", "[loop]") {
  PruneOptions options = small_options();
  options.tolerance = 0.0;
  options.margin_standard_errors = 1e6;
  const auto [network, report] = run(options);
  CHECK(report.iterations.size() == 1);
  CHECK(report.dsp_reduction == 0.0);
  CHECK(report.pruned.test_accuracy == report.baseline.test_accuracy);
  CHECK(report.masks.empty());
}

TEST_CASE("pruned structures can return where regrowth is asked for", "[loop]") {
  PruneOptions options = small_options();
  options.regrowth_epochs = 1;
  const auto [network, report] = run(options);
  CHECK(report.dsp_reduction > 0.3);
  CHECK(report.iterations.back().resources == report.iterations.back().selected);
}

TEST_CASE("given weights are pruned without training a baseline", "[loop]") {
  PruneOptions options = small_options();
  options.baseline_training.epochs = 0;
  options.target_sparsity = 0.0;
  const Network hardware = small_hardware();
  Sequential network = make_network(hardware);
  network.initialize(9);
  const auto before = kernels_of(network);
  const PruneReport report = prune(network, small_jets(), hardware, options);
  CHECK(report.iterations.empty());
  CHECK(kernels_of(network) == before);
}

TEST_CASE("options out of range are refused by name", "[loop]") {
  PruneOptions options = small_options();
  options.tolerance = -0.1;
  CHECK_THROWS_WITH(run(options), Catch::Matchers::Contains("tolerance"));
  options = small_options();
  options.target_sparsity = 1.5;
  CHECK_THROWS_WITH(run(options), Catch::Matchers::Contains("target_sparsity"));
}
