#include "prune_arguments.hpp"

#include <charconv>
#include <map>

#include "espalier/resource_model/reuse_factor.hpp"
#include "espalier/support/error.hpp"

namespace espalier::app {
namespace {

using pruning::LearningRateSchedule;
using pruning::PruneOptions;
using pruning::ScheduleKind;
using pruning::SelectionMethod;
using pruning::ValueMetric;
using pruning::ValueScale;
using resource_model::Objective;

const std::map<std::string, Objective> kObjectives = {
    {"dsp", {}},
    {"dsp+bram", {.bram = true}},
    {"dsp+lut", {.lut = true}},
    {"dsp+ff", {.ff = true}},
    {"dsp+bram+lut", {.bram = true, .lut = true}},
    {"dsp+bram+ff", {.bram = true, .ff = true}},
    {"dsp+lut+ff", {.lut = true, .ff = true}},
    {"dsp+bram+lut+ff", {.bram = true, .lut = true, .ff = true}}};
const std::map<std::string, ValueMetric> kValues = {{"l1", ValueMetric::kL1},
                                                    {"l2", ValueMetric::kL2},
                                                    {"gradient", ValueMetric::kGradient},
                                                    {"second-order", ValueMetric::kSecondOrder}};
const std::map<std::string, ValueScale> kValueScales = {{"layer", ValueScale::kLayerLargest},
                                                        {"none", ValueScale::kNone}};
const std::map<std::string, SelectionMethod> kSelections = {
    {"exact", SelectionMethod::kExact},
    {"greedy", SelectionMethod::kGreedy},
    {"uniform", SelectionMethod::kUniform},
    {"magnitude", SelectionMethod::kMagnitude}};
const std::map<std::string, ScheduleKind> kSchedules = {{"constant", ScheduleKind::kConstant},
                                                        {"polynomial", ScheduleKind::kPolynomial},
                                                        {"binary", ScheduleKind::kBinary}};
const std::map<std::string, LearningRateSchedule> kLearningRates = {
    {"cosine", LearningRateSchedule::kCosine},
    {"constant", LearningRateSchedule::kConstant},
    {"exponential", LearningRateSchedule::kExponential},
    {"steps", LearningRateSchedule::kSteps}};

// What --regularization auto tries; each costs two fine-tunings.
const std::vector<double> kStrengths = {1e-4, 3e-4, 1e-3, 3e-3};

template <typename Value, typename Given>
void override_with(Value& value, const std::optional<Given>& given) {
  if (given) value = static_cast<Value>(*given);
}

template <typename Value>
void override_with(Value& value, const std::optional<std::string>& given,
                   const std::map<std::string, Value>& meanings) {
  if (given) value = meanings.at(*given);
}

template <typename Number>
Number read_number(const std::string& text, const std::string& option) {
  Number number{};
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end.ec != std::errc() || end.ptr != text.data() + text.size()) {
    throw Error(option + " has '" + text + "'; expected a number there");
  }
  return number;
}

struct NamedText {
  std::string name, text;
};

/// "a=1,b=2".
std::vector<NamedText> read_list(const std::string& list, const std::string& option) {
  std::vector<NamedText> parts;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    const std::string part = list.substr(begin, end - begin);
    const std::size_t equals = part.find('=');
    if (equals == 0 || equals == std::string::npos) {
      throw Error(option + " has '" + part + "'; expected NAME=NUMBER");
    }
    parts.push_back({part.substr(0, equals), part.substr(equals + 1)});
    begin = end + 1;
  }
  return parts;
}

/// The field of a resource by its name; works for fractions and limits.
template <typename PerResource>
auto& resource_field(PerResource& values, const std::string& name, const std::string& option) {
  if (name == "dsp") return values.dsp;
  if (name == "bram") return values.bram18;
  if (name == "lut") return values.lut;
  if (name == "ff") return values.ff;
  throw Error(option + " names resource '" + name + "'; expected dsp, bram, lut or ff");
}

void read_target(const std::string& text, PruneOptions& options) {
  if (text.find('=') == std::string::npos) {
    options.target_sparsity = read_number<double>(text, "--target");
    return;
  }
  options.target_fractions.emplace();
  for (const auto& [name, number] : read_list(text, "--target")) {
    resource_field(*options.target_fractions, name, "--target") =
        read_number<double>(number, "--target");
  }
}

void read_budget(const std::string& text, PruneOptions& options) {
  options.target_budget.emplace();
  for (const auto& [name, number] : read_list(text, "--budget")) {
    resource_field(*options.target_budget, name, "--budget") =
        read_number<std::int64_t>(number, "--budget");
  }
}

void read_regularization(const std::string& text, PruneOptions& options) {
  if (text == "auto") {
    options.regularization_candidates = kStrengths;
  } else {
    options.regularization = read_number<double>(text, "--regularization");
  }
}

void read_training(const PruneArguments& arguments, PruneOptions& options) {
  override_with(options.baseline_training.epochs, arguments.epochs);
  override_with(options.fine_tuning.epochs, arguments.tuning_epochs);
  for (pruning::TrainOptions* training : {&options.baseline_training, &options.fine_tuning}) {
    override_with(training->learning_rate, arguments.learning_rate);
    override_with(training->schedule, arguments.learning_rate_schedule, kLearningRates);
    override_with(training->patience, arguments.patience);
  }
}

std::string quoted(const std::string& word) {
  const bool is_plain = !word.empty() && word.find_first_not_of(
                                             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                             "0123456789_-+./=,:@%") == std::string::npos;
  if (is_plain) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

void add_goal_options(CLI::App& command, PruneArguments& arguments) {
  command
      .add_option(
          "--objective", arguments.objective,
          "Resources to save: dsp, with +bram, +lut and +ff in this order. Latency is none: "
          "a layer takes as long as its reuse factor says")
      ->check(CLI::IsMember(kObjectives));
  auto* target = command.add_option(
      "--target", arguments.target,
      "Fraction to remove, 1 = as far as the tolerance allows; or one for each resource, such as "
      "dsp=0.9,bram=0.6");
  auto* budget = command
                     .add_option("--budget", arguments.budget,
                                 "What multipliers and weights may use in the end, such as "
                                 "dsp=200,bram=40")
                     ->excludes(target);
  command
      .add_option("--device", arguments.device,
                  "Prune until the network fits into this part or device, in place of --target")
      ->excludes(target)
      ->excludes(budget);
  command.add_option("--floor", arguments.floors,
                     "LAYER=FRACTION: structures of a layer to keep in any case, 1 = all; may be "
                     "given several times");
  command.add_option("--tolerance", arguments.tolerance, "Relative accuracy loss to accept")
      ->check(CLI::Range(0.0, 1.0));
  command
      .add_option("--margin", arguments.margin,
                  "Validation accuracy to ask for beyond the tolerance, in standard errors of the "
                  "difference to the baseline: less for few validation samples, at the risk that "
                  "the loss on new data is larger")
      ->check(CLI::Range(0.0, 100.0));
}

void add_choice_options(CLI::App& command, PruneArguments& arguments) {
  command
      .add_option("--value", arguments.value,
                  "Value of a structure: l1 or l2 norm, gradient (|w dL/dw|) or second-order "
                  "(w^2 d2L/dw2 / 2)")
      ->check(CLI::IsMember(kValues));
  command
      .add_option("--value-scale", arguments.value_scale,
                  "Divide values by the largest of their layer (layer), or not (none)")
      ->check(CLI::IsMember(kValueScales));
  command
      .add_option(
          "--selection", arguments.selection,
          "How structures are chosen: exact, or for comparison greedy, uniform or magnitude")
      ->check(CLI::IsMember(kSelections));
  command
      .add_option("--schedule", arguments.schedule,
                  "How targets rise: constant, polynomial or binary")
      ->check(CLI::IsMember(kSchedules));
  command.add_option("--steps", arguments.steps, "Iterations of the polynomial schedule")
      ->check(CLI::Range(1, 100000));
  command.add_option("--step", arguments.step, "Step of the constant schedule")
      ->check(CLI::Range(0.0, 1.0));
  command
      .add_option(
          "--max-bad-trials", arguments.max_bad_trials,
          "Targets in a row that may be rejected before the run ends, once one was accepted")
      ->check(CLI::Range(1, 100000));
  command
      .add_option("--regrowth-epochs", arguments.regrowth_epochs,
                  "Epochs without masks before each selection, in which pruned structures may "
                  "return")
      ->check(CLI::Range(0, 100000));
}

void add_training_options(CLI::App& command, PruneArguments& arguments) {
  command.add_option("--regularization", arguments.regularization,
                     "Strength of the group penalty, or auto: try a few");
  command.add_flag("--fixed-point", arguments.fixed_point_tuning,
                   "Fine-tune and accept the network in the fixed-point types of the hardware");
  command
      .add_option("--epochs", arguments.epochs,
                  "Epochs of the baseline training (default with --model: 0)")
      ->check(CLI::Range(0, 100000));
  command.add_option("--tuning-epochs", arguments.tuning_epochs, "Epochs of each fine-tuning")
      ->check(CLI::Range(0, 100000));
  command.add_option("--learning-rate", arguments.learning_rate, "Of both trainings")
      ->check(CLI::PositiveNumber);
  command
      .add_option("--learning-rate-schedule", arguments.learning_rate_schedule,
                  "cosine, constant, exponential or steps")
      ->check(CLI::IsMember(kLearningRates));
  command
      .add_option(
          "--patience", arguments.patience,
          "Epochs without better validation accuracy before a training ends; 0 = never ends")
      ->check(CLI::Range(0, 100000));
}

}  // namespace

void add_method_options(CLI::App& command, PruneArguments& arguments) {
  command
      .add_option("--reuse-factor", arguments.reuse_factor,
                  "Reuse factor of the layers with strategy Resource; moved as hls4ml moves it "
                  "where a layer cannot have it")
      ->check(CLI::Range(1, 1000000));
  command.add_option("--precision", arguments.precision,
                     "Type of all weights and activations, such as 'ap_fixed<18,8>'");
  add_goal_options(command, arguments);
  add_choice_options(command, arguments);
  add_training_options(command, arguments);
}

PruneOptions options_of(const PruneArguments& arguments, const PruneOptions& task_options) {
  PruneOptions options = task_options;
  override_with(options.objective, arguments.objective, kObjectives);
  if (arguments.target) read_target(*arguments.target, options);
  if (arguments.budget) read_budget(*arguments.budget, options);
  options.fit_device = !arguments.device.empty();
  for (const std::string& floor : arguments.floors) {
    for (const auto& [layer, share] : read_list(floor, "--floor")) {
      options.layer_floors[layer] = read_number<double>(share, "--floor");
    }
  }
  override_with(options.value, arguments.value, kValues);
  override_with(options.value_scale, arguments.value_scale, kValueScales);
  override_with(options.selection, arguments.selection, kSelections);
  override_with(options.tolerance, arguments.tolerance);
  override_with(options.margin_standard_errors, arguments.margin);
  override_with(options.schedule, arguments.schedule, kSchedules);
  override_with(options.polynomial_steps, arguments.steps);
  override_with(options.step, arguments.step);
  override_with(options.max_bad_trials, arguments.max_bad_trials);
  override_with(options.regrowth_epochs, arguments.regrowth_epochs);
  if (arguments.regularization) read_regularization(*arguments.regularization, options);
  options.fixed_point_tuning = arguments.fixed_point_tuning;
  read_training(arguments, options);
  options.threads = arguments.threads;
  options.seed = arguments.seed;
  options.resume = arguments.resume;
  return options;
}

std::vector<std::string> apply_hardware_arguments(const PruneArguments& arguments,
                                                  resource_model::Network& hardware) {
  for (resource_model::Layer& layer : hardware.layers) {
    if (arguments.reuse_factor && layer.has_weights() &&
        layer.strategy != resource_model::Strategy::kLatency) {
      layer.reuse_factor = *arguments.reuse_factor;
    }
    if (!arguments.precision.empty()) {
      const auto type = resource_model::parse_fixed_point(arguments.precision);
      layer.weight = layer.bias = layer.input_type = layer.result = type;
    }
  }
  if (!arguments.device.empty()) hardware.part = arguments.device;
  return resource_model::correct_reuse_factors(hardware);
}

std::string command_line(const CLI::App& command) {
  std::string text = "espalier " + command.get_name();
  for (const CLI::Option* option : command.get_options()) {
    if (option->count() == 0 || option->check_lname("resume")) continue;
    const bool is_flag = option->get_expected_max() == 0;
    if (is_flag) text += " " + option->get_name();
    if (is_flag) continue;
    for (const std::string& value : option->results()) {
      text += " " + option->get_name() + " " + quoted(value);
    }
  }
  return text;
}

}  // namespace espalier::app
