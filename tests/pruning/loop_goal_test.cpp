// What the options ask for, as budgets; and the floors of layers.
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/resource_model/device.hpp"
#include "espalier/support/error.hpp"

#include "loop/goal.hpp"
#include "loop/hardware_link.hpp"
#include "loop_small_task.hpp"

using namespace espalier::pruning;
using namespace espalier::tests;
using Catch::Matchers::Contains;
using espalier::resource_model::LayerStructures;
using espalier::resource_model::Resources;

namespace {

struct Setting {
  Network hardware = small_hardware();
  std::vector<LayerStructures> structures = form_structures(hardware, Objective::kDspAndBram);
  Resources baseline = sum_of(resources_of_all_weights(hardware));

  Goal goal(const PruneOptions& options) const {
    return Goal(options, hardware, structures, baseline);
  }
};

/// Without logic, which is no part of this objective.
Resources dsp_and_bram(const Resources& all) { return {.dsp = all.dsp, .bram18 = all.bram18}; }

}  // namespace

TEST_CASE("one sparsity lowers every resource and stops at the floors", "[loop]") {
  // The last layer's 720 bits are no block RAM: its structures are lanes, the others two lanes.
  const Setting setting;
  REQUIRE(dsp_and_bram(setting.baseline) == Resources{.dsp = 106, .bram18 = 48});
  PruneOptions options = small_options();
  options.target_sparsity = 0.5;
  CHECK(setting.goal(options).final_target() == 0.5);
  CHECK(dsp_and_bram(setting.goal(options).budget(0.5)) == Resources{.dsp = 53, .bram18 = 24});
  options.target_sparsity = 1.0;
  const double most = setting.goal(options).final_target();
  CHECK(most < 1.0);
  CHECK(setting.goal(options).budget(most).dsp >= 5);
}

TEST_CASE("fractions rise together and reach their ends together", "[loop]") {
  const Setting setting;
  PruneOptions options = small_options();
  options.target_fractions = ResourceFractions{.dsp = 0.8, .bram18 = 0.4};
  const Goal goal = setting.goal(options);
  CHECK(goal.final_target() == 0.8);
  CHECK(dsp_and_bram(goal.budget(0.8)) == Resources{.dsp = 21, .bram18 = 28});
  CHECK(dsp_and_bram(goal.budget(0.4)) == Resources{.dsp = 63, .bram18 = 38});
  options.target_fractions = ResourceFractions{.bram18 = 0.5};
  CHECK(dsp_and_bram(setting.goal(options).budget(0.5)) == Resources{.dsp = 106, .bram18 = 24});
}

TEST_CASE("an absolute budget is met exactly", "[loop]") {
  const Setting setting;
  PruneOptions options = small_options();
  for (const std::int64_t dsp : {17, 40, 77, 105}) {
    options.target_budget = ResourceLimits{.dsp = dsp};
    const Goal goal = setting.goal(options);
    CHECK(dsp_and_bram(goal.budget(goal.final_target())) == Resources{.dsp = dsp, .bram18 = 48});
  }
  options.target_budget = ResourceLimits{.dsp = 106, .bram18 = 1000};
  CHECK(setting.goal(options).final_target() == 0.0);
  options.target_budget = ResourceLimits{.dsp = 3};
  CHECK_THROWS_WITH(setting.goal(options), Contains("leaves 3 dsp") && Contains("at least 5"));
  options.target_budget = ResourceLimits{.lut = 10};
  CHECK_THROWS_WITH(setting.goal(options), Contains("less lut, which no structure frees"));
}

TEST_CASE("logic has budgets of its own where the objective counts it", "[loop]") {
  Setting setting;
  PruneOptions options = small_options();
  options.objective = {.bram = true, .lut = true, .ff = true};
  setting.structures = form_structures(setting.hardware, options.objective);
  REQUIRE(setting.baseline.lut > 1000);
  const std::int64_t half = setting.baseline.lut / 2;
  options.target_budget = ResourceLimits{.lut = half, .ff = setting.baseline.ff};
  const Goal goal = setting.goal(options);
  CHECK(goal.budget(goal.final_target()).lut == half);
  CHECK(goal.budget(goal.final_target()).ff == setting.baseline.ff);
  options.target_budget.reset();
  options.target_fractions = ResourceFractions{.dsp = 0.4, .lut = 0.2};
  CHECK(setting.goal(options).budget(0.4).lut ==
        static_cast<std::int64_t>(0.8 * static_cast<double>(setting.baseline.lut) + 1e-6));
  options.target_fractions.reset();
  options.fit_device = true;
  CHECK(setting.goal(options).final_target() == 0.0);
}

TEST_CASE("a device that is large enough asks for nothing, a small one for its capacity",
          "[loop]") {
  Setting setting;
  PruneOptions options = small_options();
  options.fit_device = true;
  CHECK(setting.goal(options).final_target() == 0.0);
  setting.hardware.part = "xc7z010clg400-1";
  const auto* device = espalier::resource_model::find_device(setting.hardware.part);
  REQUIRE(device != nullptr);
  REQUIRE(device->capacity.dsp == 80);
  const Goal goal = setting.goal(options);
  // The softmax of five classes takes DSP blocks of its own; the rest is for the weights.
  CHECK(goal.budget(goal.final_target()).dsp < 80);
  CHECK(goal.budget(goal.final_target()).dsp > 60);
  setting.hardware.part = "xc7unheardof";
  CHECK_THROWS_WITH(setting.goal(options), Contains("xc7unheardof"));
}

TEST_CASE("floors of layers hold in the result and are refused where they cannot", "[loop]") {
  PruneOptions options = small_options();
  options.layer_floors = {{"fc2", 1.0}, {"fc3", 0.5}};
  options.max_bad_trials = 6;
  const auto outcome = run_small(options);
  REQUIRE(outcome.report.dsp_reduction > 0.1);
  CHECK(outcome.report.layers[1].structures_kept == outcome.report.layers[1].structures);
  CHECK(2 * outcome.report.layers[2].structures_kept >= outcome.report.layers[2].structures);
  options.layer_floors = {{"fc9", 0.5}};
  CHECK_THROWS_WITH(run_small(options), Contains("fc9"));
  options.layer_floors = {{"fc1", 1.0}};
  options.target_budget = ResourceLimits{.dsp = 20};
  CHECK_THROWS_WITH(run_small(options), Contains("leaves 20 dsp"));
}

TEST_CASE("a run to an absolute budget ends there", "[loop]") {
  PruneOptions options = small_options();
  options.target_budget = ResourceLimits{.dsp = 70};
  options.max_bad_trials = 6;
  const auto outcome = run_small(options);
  CHECK(outcome.report.target_reached);
  CHECK(outcome.report.pruned.resources.dsp <= 70);
  CHECK(outcome.report.pruned.resources.dsp >= 68);  // one structure below at most
}
