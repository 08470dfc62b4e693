// The loop around a trainer that is not ours: what it is asked for, and in which order.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/support/error.hpp"

#include "kernel_trainer.hpp"
#include "loop_small_task.hpp"

using namespace espalier::pruning;
using namespace espalier::tests;

namespace {

/// Whose "accuracy" is the share of its weights that it still has.
class CountingTrainer final : public KernelTrainer {
 public:
  explicit CountingTrainer(const Network& hardware) : KernelTrainer({}) {
    for (const Layer& layer : hardware.layers) {
      kernels_.emplace_back();
      for (std::int64_t k = 0; k < layer.num_weights(); ++k) {
        kernels_.back().push_back(1.0F + static_cast<float>(k % 7));
      }
    }
  }

  void apply_masks(const LayerMasks& masks) override {
    for (std::size_t i = 0; i < masks.size(); ++i) REQUIRE(masks[i].size() == kernels_[i].size());
    KernelTrainer::apply_masks(masks);
  }
  void fine_tune(const LayerMasks& masks, std::uint64_t seed) override {
    apply_masks(masks);
    seeds.insert(seed);
    ++tunings;
  }
  Evaluation evaluate(DataPart) override {
    double left = 0.0, all = 0.0;
    for (std::size_t i = 0; i < kernels_.size(); ++i) {
      left += static_cast<double>(num_left(i));
      all += static_cast<double>(kernels_[i].size());
    }
    return {.accuracy = left / all};
  }
  void train_baseline(std::uint64_t seed) override { seeds.insert(seed); }
  void regrow(std::uint64_t seed) override {
    seeds.insert(seed);
    ++regrowths;
  }
  void set_regularization(double strength) override { strengths.push_back(strength); }

  std::set<std::uint64_t> seeds;
  std::vector<double> strengths;
  int tunings = 0, regrowths = 0;
};

PruneOptions options_for_counting() {
  PruneOptions options;
  options.objective = Objective::kDsp;
  options.schedule = ScheduleKind::kConstant;
  options.step = 0.1;
  options.tolerance = 0.35;  // a third of the weights may go
  return options;
}

}  // namespace

TEST_CASE("any trainer is driven to its tolerance and left in the best state", "[loop]") {
  const Network hardware = small_hardware();
  CountingTrainer trainer(hardware);
  const PruneReport report = prune(trainer, hardware, options_for_counting());
  // Lanes of four weights each: sparsity and accuracy move together.
  CHECK(report.baseline.validation_accuracy == 1.0);
  CHECK(report.pruned.validation_accuracy >= 0.65);
  CHECK(report.pruned.validation_accuracy < 0.67);
  CHECK(report.pruned.validation_accuracy == trainer.evaluate(DataPart::kTest).accuracy);
  CHECK(report.dsp_reduction == Approx(0.35).margin(0.02));
  CHECK(static_cast<int>(report.iterations.size()) == trainer.tunings);
  CHECK(trainer.seeds.size() == report.iterations.size() + 1);  // all different, with the baseline
  CHECK(trainer.regrowths == 0);
  CHECK_FALSE(report.target_reached);
  CHECK_FALSE(report.pruned.fixed_point_test_accuracy.has_value());
}

TEST_CASE("regrowth, derivatives and strengths are asked of the trainer", "[loop]") {
  const Network hardware = small_hardware();
  CountingTrainer trainer(hardware);
  PruneOptions options = options_for_counting();
  options.regrowth_epochs = 1;
  options.regularization_candidates = {1e-3, 1e-4};
  const PruneReport report = prune(trainer, hardware, options);
  CHECK(trainer.regrowths > 0);
  REQUIRE(report.regularization_trials.size() == 2);
  CHECK(report.regularization_trials[0].validation_accuracy ==
        report.regularization_trials[1].validation_accuracy);
  CHECK(report.settings.regularization == 1e-4);  // of equals the smaller
  CHECK(trainer.strengths.back() == 1e-4);
  options.value = ValueMetric::kGradient;
  CountingTrainer other(hardware);
  CHECK_THROWS_WITH(prune(other, hardware, options), Catch::Contains("no derivatives"));
}

TEST_CASE("a trainer whose kernels are not the hardware's is refused", "[loop]") {
  Network hardware = small_hardware();
  CountingTrainer trainer(hardware);
  hardware.layers.pop_back();
  CHECK_THROWS_WITH(prune(trainer, hardware, options_for_counting()),
                    Catch::Contains("3 kernels; expected 2"));
}

TEST_CASE("every metric, scale and method prunes", "[loop]") {
  for (const auto value : {ValueMetric::kL2, ValueMetric::kGradient, ValueMetric::kSecondOrder}) {
    for (const auto scale : {ValueScale::kLayerLargest, ValueScale::kNone}) {
      PruneOptions options = small_options();
      options.value = value;
      options.value_scale = scale;
      options.max_bad_trials = 4;
      options.value_samples = 100;
      CHECK(run_small(options).report.dsp_reduction > 0.2);
    }
  }
  for (const auto method :
       {SelectionMethod::kGreedy, SelectionMethod::kUniform, SelectionMethod::kMagnitude}) {
    PruneOptions options = small_options();
    options.selection = method;
    options.max_bad_trials = 4;
    const auto outcome = run_small(options);
    CHECK(outcome.report.dsp_reduction > 0.1);
    CHECK(outcome.report.iterations.front().knapsack_status == "feasible");
  }
}

TEST_CASE("batch normalisations of the description are trained and folded", "[loop]") {
  Network hardware = small_hardware();
  Layer norm;
  norm.name = "bn1";
  norm.type = espalier::resource_model::LayerType::kBatchNormalization;
  norm.n_in = norm.n_out = 16;
  norm.input = {1, 1, 16};
  norm.activation = Activation::kRelu;
  hardware.layers[0].activation = Activation::kLinear;
  hardware.layers.insert(hardware.layers.begin() + 1, norm);
  Sequential network = make_network(hardware);
  network.initialize(1);
  REQUIRE(network.layer(1).type == NetLayerType::kBatchNorm);
  PruneOptions options = small_options();
  options.max_bad_trials = 4;
  const PruneReport report = prune(network, small_jets(), hardware, options);
  CHECK(report.dsp_reduction > 0.2);
  CHECK(report.baseline.validation_accuracy > 0.6);
  for (int i = 0; i < network.num_layers(); ++i) {
    CHECK(network.layer(i).type != NetLayerType::kBatchNorm);
  }
  CHECK(accuracy(network, small_jets().test) == report.pruned.test_accuracy);
  REQUIRE(report.hardware.layers.size() == 3);
  CHECK(report.hardware.layers[0].activation == Activation::kRelu);
  CHECK(report.pruned.fixed_point_test_accuracy.has_value());  // the two belong together
}

TEST_CASE("fixed-point tuning is judged in fixed point", "[loop]") {
  Network hardware = small_hardware();
  for (Layer& layer : hardware.layers) {
    layer.weight = layer.bias = {.width_bits = 9, .integer_bits = 3};
    layer.input_type = layer.result = {.width_bits = 12, .integer_bits = 6};
  }
  PruneOptions options = small_options();
  options.objective = Objective::kDsp;
  options.fixed_point_tuning = true;
  options.max_bad_trials = 4;
  options.tolerance = 0.2;
  Sequential network = make_network(hardware);
  network.initialize(1);
  const PruneReport report = prune(network, small_jets(), hardware, options);
  REQUIRE(report.pruned.fixed_point_validation_accuracy.has_value());
  CHECK(report.pruned.validation_accuracy == *report.pruned.fixed_point_validation_accuracy);
  CHECK(report.pruned.test_accuracy == accuracy(network, small_jets().test));
  CHECK(*report.baseline.fixed_point_validation_accuracy != report.baseline.validation_accuracy);
}
