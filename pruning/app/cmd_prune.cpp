#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "espalier/pruning/export_model.hpp"
#include "espalier/pruning/import_model.hpp"
#include "espalier/pruning/prune.hpp"
#include "espalier/pruning/report.hpp"
#include "espalier/pruning/verify_export.hpp"
#include "espalier/resource_model/device.hpp"
#include "espalier/resource_model/estimate.hpp"
#include "espalier/support/error.hpp"

#include "commands.hpp"
#include "interrupt.hpp"
#include "prune_progress.hpp"
#include "prune_tasks.hpp"

namespace espalier::app {
namespace {

using pruning::PruneOptions;
using pruning::ScheduleKind;
using pruning::ValueMetric;
using resource_model::Objective;

/// What the command line gives; absent values are the task's.
struct PruneArguments {
  bool demo = false;
  std::string task = "jets";
  std::string config_file;
  std::string model_file;
  std::string weights_file;
  std::string data_folder;
  std::string out_folder;
  int threads = 1;
  std::uint64_t seed = 1;
  bool quiet = false;
  std::optional<std::string> objective;
  std::optional<std::string> value;
  std::optional<std::string> schedule;
  std::optional<double> tolerance;
  std::optional<double> target;
  std::string device;
  std::optional<double> regularization;
  std::optional<int> epochs;
  std::optional<int> tuning_epochs;
  std::optional<int> regrowth_epochs;
};

const std::map<std::string, Objective> kObjectives = {{"dsp", Objective::kDsp},
                                                      {"dsp+bram", Objective::kDspAndBram}};
const std::map<std::string, ValueMetric> kValues = {{"l1", ValueMetric::kL1},
                                                    {"l2", ValueMetric::kL2}};
const std::map<std::string, ScheduleKind> kSchedules = {{"constant", ScheduleKind::kConstant},
                                                        {"polynomial", ScheduleKind::kPolynomial},
                                                        {"binary", ScheduleKind::kBinary}};

template <typename Value>
void override_with(Value& value, const std::optional<Value>& given) {
  if (given) value = *given;
}

template <typename Value>
void override_with(Value& value, const std::optional<std::string>& given,
                   const std::map<std::string, Value>& meanings) {
  if (given) value = meanings.at(*given);
}

PruneOptions options_of(const PruneArguments& arguments, const PruneTask& task) {
  PruneOptions options = task.options;
  override_with(options.objective, arguments.objective, kObjectives);
  override_with(options.value, arguments.value, kValues);
  override_with(options.schedule, arguments.schedule, kSchedules);
  override_with(options.tolerance, arguments.tolerance);
  override_with(options.target_sparsity, arguments.target);
  override_with(options.regularization, arguments.regularization);
  override_with(options.baseline_training.epochs, arguments.epochs);
  override_with(options.fine_tuning.epochs, arguments.tuning_epochs);
  override_with(options.regrowth_epochs, arguments.regrowth_epochs);
  options.threads = arguments.threads;
  options.seed = arguments.seed;
  return options;
}

std::filesystem::path fashion_folder(const PruneArguments& arguments) {
  if (!arguments.data_folder.empty()) return arguments.data_folder;
  const char* root = std::getenv("ESPALIER_DATA");
  if (root == nullptr || *root == '\0') {
    throw Error(
        "task fashion needs the Fashion-MNIST files; expected --data DIR, or ESPALIER_DATA set to "
        "a folder that has them in fashion-mnist/");
  }
  return std::filesystem::path(root) / "fashion-mnist";
}

/// A user's model on a user's data, or on the data of a task that it fits.
PruneTask make_model_task(const PruneArguments& arguments, bool names_task) {
  pruning::ImportedModel model =
      pruning::import_model(arguments.model_file, arguments.config_file, arguments.weights_file);
  if (!names_task && !arguments.data_folder.empty()) {
    pruning::DataSplit data = pruning::load_npy_folder(
        arguments.data_folder, model.network.input_shape(), model.network.num_classes());
    return trained_task(std::filesystem::path(arguments.model_file).stem().string(),
                        std::move(model), std::move(data));
  }
  PruneTask task =
      arguments.task == "fashion" ? make_fashion_task(fashion_folder(arguments)) : make_jets_task();
  PruneTask own = trained_task(task.name, std::move(model), std::move(task.data));
  check_fit(own, arguments.model_file);
  return own;
}

PruneTask make_task(const PruneArguments& arguments, bool names_task) {
  if (!arguments.model_file.empty()) return make_model_task(arguments, names_task);
  PruneTask task =
      arguments.task == "fashion" ? make_fashion_task(fashion_folder(arguments)) : make_jets_task();
  if (!arguments.config_file.empty()) apply_description(task, arguments.config_file);
  task.network.initialize(arguments.seed);
  return task;
}

/// The hardware is of that part, and the target what makes the network fit into it.
void apply_device(const std::string& part, PruneTask& task, PruneOptions& options) {
  const resource_model::Device& device = resource_model::require_device(part);
  task.hardware.part = part;
  const auto sparsity =
      resource_model::required_sparsity(resource_model::estimate(task.hardware), device);
  const std::string name(device.name);
  if (!sparsity) {
    throw Error("device " + name +
                " cannot hold what remains of the network without its weights; "
                "expected a larger one (see espalier estimate --device)");
  }
  if (*sparsity == 0.0) {
    throw Error("device " + name +
                " holds the network without pruning; expected a smaller one, or "
                "--target");
  }
  options.target_sparsity = *sparsity;
}

/// As a shell would need it to be typed.
std::string quoted(const std::string& word) {
  const bool is_plain = !word.empty() && word.find_first_not_of(
                                             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                             "0123456789_-+./=,:@%") == std::string::npos;
  if (is_plain) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

std::string command_line(const CLI::App& command) {
  std::string text = "espalier " + command.get_name();
  for (const CLI::Option* option : command.get_options()) {
    if (option->count() == 0) continue;
    text += " " + option->get_name();
    if (option->get_expected_max() == 0) continue;  // a flag
    for (const std::string& value : option->results()) text += " " + quoted(value);
  }
  return text;
}

/// Writes the files for hls4ml and reads them back: what they hold must be what was promised.
void export_and_verify(const PruneTask& task, const std::filesystem::path& out) {
  pruning::export_model(task.network, task.hardware, out);
  const auto found = pruning::verify_export(out);
  if (!found.ok()) throw InternalError("internal error: " + found.problems.front());
}

int run_prune(const PruneArguments& arguments, const CLI::App& command) {
  InterruptWatch interrupt;
  PruneTask task = make_task(arguments, command.get_option("--task")->count() > 0);
  PruneOptions options = options_of(arguments, task);
  if (!arguments.device.empty()) apply_device(arguments.device, task, options);
  options.stop = interrupt.token();
  const std::filesystem::path out =
      arguments.out_folder.empty() ? "espalier-" + task.name : arguments.out_folder;
  pruning::prepare_output_folder(out);

  PruneLog log;
  if (!arguments.quiet) std::cerr << task.data.description << std::endl;
  pruning::PruneReport report = pruning::prune(task.network, task.data, task.hardware, options,
                                               arguments.quiet ? nullptr : &log);
  report.task = task.name;
  report.command = command_line(command);
  const pruning::ReportFiles files = pruning::write_report(report, out);
  std::cout << summary_text(report) << "report: " << files.json.string() << "\n        "
            << files.html.string() << std::endl;
  if (pruning::can_export_models()) {
    export_and_verify(task, out);
    std::cout << "hls4ml: python3 " << (out / "convert.py").string() << std::endl;
  }
  if (report.interrupted) {
    std::cerr << "espalier: interrupted; the report is of the best network accepted until then"
              << std::endl;
    return kInterrupted;
  }
  return kDone;
}

}  // namespace

void add_prune_command(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand(
      "prune", "Train a network and prune it to fewer DSP blocks and block RAMs");
  const auto arguments = std::make_shared<PruneArguments>();
  auto* demo = command->add_flag("--demo", arguments->demo,
                                 "The jet task with everything at its default; needs no data");
  auto* task =
      command
          ->add_option("--task", arguments->task,
                       "jets: generated jets, MLP 16-64-32-32-5; fashion: Fashion-MNIST, LeNet")
          ->check(CLI::IsMember({"jets", "fashion"}))
          ->excludes(demo);
  auto* config =
      command
          ->add_option("--config", arguments->config_file,
                       "Network description (JSON) in place of the task's network and hardware; "
                       "without --task on the data of jets. With --model: its hardware, as such a "
                       "description or as hls4ml's configuration")
          ->excludes(demo);
  auto* model =
      command
          ->add_option("--model", arguments->model_file,
                       "Trained network to prune: Keras (HDF5, or JSON with --weights) or ONNX")
          ->excludes(demo);
  command
      ->add_option("--weights", arguments->weights_file,
                   "HDF5 file of the weights, if --model is an architecture in JSON")
      ->needs(model);
  command->add_option("--data", arguments->data_folder,
                      "With --model: folder of x_train.npy, y_train.npy, x_test.npy, y_test.npy. "
                      "Task fashion: its files (default: $ESPALIER_DATA/fashion-mnist)");
  command->add_option("--out", arguments->out_folder,
                      "Folder for the report, created (default: espalier-TASK)");
  command->add_option("--threads", arguments->threads, "Worker threads")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command->add_option("--seed", arguments->seed, "Seed of initial weights and shuffling")
      ->capture_default_str();
  command->add_option("--objective", arguments->objective, "Resources to save: dsp or dsp+bram")
      ->check(CLI::IsMember(kObjectives));
  command->add_option("--tolerance", arguments->tolerance, "Relative accuracy loss to accept")
      ->check(CLI::Range(0.0, 1.0));
  auto* target = command
                     ->add_option("--target", arguments->target,
                                  "Fraction to remove, 1 = as far as the tolerance allows")
                     ->check(CLI::Range(0.0, 1.0));
  command
      ->add_option("--device", arguments->device,
                   "Prune until the network fits into this part or device, in place of --target")
      ->excludes(target);
  command->add_option("--value", arguments->value, "Value of a structure: l1 or l2 norm")
      ->check(CLI::IsMember(kValues));
  command
      ->add_option("--schedule", arguments->schedule,
                   "How targets rise: constant, polynomial or binary")
      ->check(CLI::IsMember(kSchedules));
  command
      ->add_option("--regularization", arguments->regularization, "Strength of the group penalty")
      ->check(CLI::NonNegativeNumber);
  command
      ->add_option("--epochs", arguments->epochs,
                   "Epochs of the baseline training (default with --model: 0)")
      ->check(CLI::Range(0, 100000));
  command->add_option("--tuning-epochs", arguments->tuning_epochs, "Epochs of each fine-tuning")
      ->check(CLI::Range(0, 100000));
  command
      ->add_option("--regrowth-epochs", arguments->regrowth_epochs,
                   "Epochs without masks before each selection, in which pruned structures may "
                   "return")
      ->check(CLI::Range(0, 100000));
  command->add_flag("--quiet", arguments->quiet, "No progress, only the table at the end");
  command->footer(
      "Exit code: 0 done, 1 bad input or failed run, 2 bad usage, 130 interrupted (Ctrl-C once\n"
      "stops cleanly and writes the best network accepted until then).");
  command->callback([=, &exit_code] {
    if (demo->count() + task->count() + config->count() + model->count() == 0) {
      throw CLI::RequiredError("one of --demo, --task, --config and --model");
    }
    exit_code = run_prune(*arguments, *command);
  });
}

}  // namespace espalier::app
