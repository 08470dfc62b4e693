#include <stop_token>
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/pruning/prune.hpp"
#include "espalier/support/error.hpp"

#include "loop_small_task.hpp"

using namespace espalier::pruning;
using namespace espalier::tests;

namespace {

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
  const auto [network, report] = run_small(small_options());
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

TEST_CASE("a recount of the network agrees with the knapsack in all four resources", "[loop]") {
  PruneOptions options = small_options();
  options.objective = {.bram = true, .lut = true, .ff = true};
  const auto [network, report] = run_small(options);
  for (const IterationRecord& it : report.iterations) {
    CAPTURE(it.iteration);
    CHECK(it.knapsack_status == "optimal");
    CHECK(it.knapsack_rows == 4);
    CHECK(it.resources == it.selected);
    CHECK(it.resources.lut <= it.budget.lut);
    CHECK(it.resources.ff <= it.budget.ff);
  }
  CHECK(report.lut_reduction > 0.3);
  CHECK(report.ff_reduction > 0.3);
  CHECK(report.latency_cycles > 0);
}

TEST_CASE("every iteration is proven optimal and keeps to its budget", "[loop]") {
  const auto [network, report] = run_small(small_options());
  int accepted = 0;
  for (const IterationRecord& it : report.iterations) {
    CAPTURE(it.iteration);
    CHECK(it.knapsack_status == "optimal");
    CHECK(it.knapsack_rows == 2);
    CHECK(it.knapsack_bound == it.knapsack_objective);
    CHECK(it.greedy_objective <= it.knapsack_objective);
    // The zeros of the network agree with the knapsack.
    CHECK(it.resources.dsp == it.selected.dsp);
    CHECK(it.resources.bram18 == it.selected.bram18);
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
  const auto one = run_small(options);
  options.threads = 3;
  const auto three = run_small(options);
  CHECK(kernels_of(one.network) == kernels_of(three.network));
  CHECK(one.report.masks == three.report.masks);
  options.seed = 2;
  CHECK(kernels_of(run_small(options).network) != kernels_of(one.network));
}

TEST_CASE("a stop in the middle returns what was accepted before", "[loop]") {
  StopInIteration observer(2);
  PruneOptions options = small_options();
  options.tolerance = 1.0;  // everything is accepted
  options.margin_standard_errors = 0.0;
  options.stop = observer.token();
  const auto [network, report] = run_small(options, &observer);
  CHECK(report.interrupted);
  REQUIRE(report.iterations.size() == 2);
  CHECK(report.pruned.resources == report.iterations.back().resources);
  CHECK(report.pruned.validation_accuracy == report.iterations.back().validation_accuracy);
  auto next = report.masks.begin();
  for (int i = 0; i < network.num_layers(); ++i) {
    if (!network.has_weights(i)) continue;
    const auto& mask = *next++;
    for (std::size_t k = 0; k < mask.size(); ++k) {
      if (mask[k] == 0) REQUIRE(network.kernel(i)[k] == 0.0F);
    }
  }
}

TEST_CASE("a run that accepts nothing returns the baseline", "[loop]") {
  PruneOptions options = small_options();
  options.tolerance = 0.0;
  options.margin_standard_errors = 1e6;
  const auto [network, report] = run_small(options);
  REQUIRE_FALSE(report.iterations.empty());
  // The last trial was of a single structure, of two lanes.
  CHECK(report.iterations.back().resources.dsp >= 104);
  CHECK(report.dsp_reduction == 0.0);
  CHECK(report.pruned.test_accuracy == report.baseline.test_accuracy);
  CHECK(report.masks.empty());
}

TEST_CASE("pruned structures can return where regrowth is asked for", "[loop]") {
  PruneOptions options = small_options();
  options.regrowth_epochs = 1;
  const auto [network, report] = run_small(options);
  CHECK(report.dsp_reduction > 0.3);
  CHECK(report.iterations.back().resources.dsp == report.iterations.back().selected.dsp);
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
  CHECK_THROWS_WITH(run_small(options), Catch::Matchers::Contains("tolerance"));
  options = small_options();
  options.target_sparsity = 1.5;
  CHECK_THROWS_WITH(run_small(options), Catch::Matchers::Contains("target_sparsity"));
}
