#include "loop/check_options.hpp"

#include <string>

#include "espalier/support/error.hpp"

namespace espalier::pruning {
namespace {

void check_range(double value, double low, double high, const char* name) {
  if (!(value >= low && value <= high)) {
    throw Error("option " + std::string(name) + " is " + std::to_string(value) + "; expected " +
                std::to_string(low) + " to " + std::to_string(high));
  }
}

}  // namespace

void check_options(const PruneOptions& options) {
  constexpr double kAny = 1e9;
  check_range(options.target_sparsity, 0.0, 1.0, "target_sparsity");
  check_range(options.tolerance, 0.0, 1.0, "tolerance");
  check_range(options.margin_standard_errors, 0.0, kAny, "margin_standard_errors");
  if (options.target_fractions) {
    const ResourceFractions& f = *options.target_fractions;
    check_range(f.dsp, 0.0, 1.0, "target_fractions.dsp");
    check_range(f.bram18, 0.0, 1.0, "target_fractions.bram18");
    check_range(f.lut, 0.0, 1.0, "target_fractions.lut");
    check_range(f.ff, 0.0, 1.0, "target_fractions.ff");
  }
  const int goals = int{options.target_fractions.has_value()} +
                    int{options.target_budget.has_value()} + int{options.fit_device};
  check_range(goals, 0, 1, "number of target_fractions, target_budget and fit_device");
  for (const auto& [layer, floor] : options.layer_floors) {
    check_range(floor, 0.0, 1.0, ("layer_floors[" + layer + "]").c_str());
  }
  check_range(options.value_samples, 1, kAny, "value_samples");
  for (const double strength : options.regularization_candidates) {
    check_range(strength, 0.0, kAny, "regularization_candidates");
  }
  check_range(options.step, 1e-6, 1.0, "step");
  check_range(options.polynomial_steps, 1, kAny, "polynomial_steps");
  check_range(options.resolution, 1e-6, 1.0, "resolution");
  check_range(options.max_bad_trials, 1, kAny, "max_bad_trials");
  check_range(options.max_iterations, 0, kAny, "max_iterations");
  check_range(options.min_structures_per_layer, 0, kAny, "min_structures_per_layer");
  check_range(options.regularization, 0.0, kAny, "regularization");
  check_range(options.regrowth_epochs, 0, kAny, "regrowth_epochs");
  check_range(options.baseline_training.epochs, 0, kAny, "baseline_training.epochs");
  check_range(options.fine_tuning.epochs, 0, kAny, "fine_tuning.epochs");
  check_range(options.threads, 1, kAny, "threads");
}

}  // namespace espalier::pruning
