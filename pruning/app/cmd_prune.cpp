#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
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
#include "prune_arguments.hpp"
#include "prune_progress.hpp"
#include "prune_tasks.hpp"

namespace espalier::app {
namespace {

using pruning::PruneOptions;

/// Where a task's data are: --data, or the folder of that name in $ESPALIER_DATA.
std::filesystem::path data_folder(const PruneArguments& arguments, const char* name) {
  if (!arguments.data_folder.empty()) return arguments.data_folder;
  const char* root = std::getenv("ESPALIER_DATA");
  if (root == nullptr || *root == '\0') {
    throw Error("task " + arguments.task +
                " needs its data; expected --data DIR, or ESPALIER_DATA set to a folder that has "
                "them in " +
                name + "/");
  }
  return std::filesystem::path(root) / name;
}

PruneTask make_named_task(const PruneArguments& arguments) {
  if (arguments.task == "fashion")
    return make_fashion_task(data_folder(arguments, "fashion-mnist"));
  if (arguments.task == "gamma") return make_gamma_task(data_folder(arguments, "magic-gamma"));
  if (arguments.task == "cifar") return make_cifar_task(data_folder(arguments, "cifar10-subset"));
  if (arguments.task == "svhn") return make_svhn_task(data_folder(arguments, "svhn"));
  return make_jets_task();
}

/// A user's model on a user's data, or on the data of a task that it fits.
PruneTask make_model_task(const PruneArguments& arguments, bool names_task) {
  pruning::ImportedModel model =
      pruning::import_model(arguments.model_file, arguments.config_file, arguments.weights_file);
  if (!names_task && !arguments.data_folder.empty()) {
    const auto load_data = [folder = arguments.data_folder, shape = model.network.input_shape(),
                            classes = model.network.num_classes()] {
      return pruning::load_npy_folder(folder, shape, classes);
    };
    return trained_task(std::filesystem::path(arguments.model_file).stem().string(),
                        std::move(model), load_data);
  }
  PruneTask task = make_named_task(arguments);
  return trained_task(task.name, std::move(model), std::move(task.load_data));
}

PruneTask make_task(const PruneArguments& arguments, bool names_task) {
  if (!arguments.model_file.empty()) return make_model_task(arguments, names_task);
  PruneTask task = make_named_task(arguments);
  if (!arguments.config_file.empty()) apply_description(task, arguments.config_file);
  task.network.initialize(arguments.seed);
  return task;
}

/// A device that pruning cannot help, or that needs none, is bad input.
void check_device(const std::string& part, const resource_model::Network& hardware) {
  const resource_model::Device& device = resource_model::require_device(part);
  const auto sparsity =
      resource_model::required_sparsity(resource_model::estimate(hardware), device);
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
}

/// Writes the files for hls4ml and reads them back: what they hold must be what was promised.
void export_and_verify(const PruneTask& task, const resource_model::Network& hardware,
                       const std::filesystem::path& out) {
  pruning::export_model(task.network, hardware, out);
  const auto found = pruning::verify_export(out);
  if (!found.ok()) throw InternalError("internal error: " + found.problems.front());
}

int run_prune(const PruneArguments& arguments, const CLI::App& command) {
  InterruptWatch interrupt;
  PruneTask task = make_task(arguments, command.get_option("--task")->count() > 0);
  for (const std::string& warning : apply_hardware_arguments(arguments, task.hardware)) {
    std::cerr << "espalier: warning: " << warning << std::endl;
  }
  PruneOptions options = options_of(arguments, task.options);
  if (!arguments.device.empty()) check_device(arguments.device, task.hardware);
  pruning::check_prune(task.hardware, options);
  options.stop = interrupt.token();
  const pruning::DataSplit data = task.load_data();
  const std::string& described =
      arguments.model_file.empty() ? arguments.config_file : arguments.model_file;
  if (!described.empty()) check_fit(task, data.train, described);
  const std::filesystem::path out =
      arguments.out_folder.empty() ? "espalier-" + task.name : arguments.out_folder;
  pruning::prepare_output_folder(out);
  options.checkpoint = out / "checkpoint" / "state.bin";

  PruneLog log;
  if (!arguments.quiet) std::cerr << data.description << std::endl;
  pruning::PruneReport report =
      pruning::prune(task.network, data, task.hardware, options, arguments.quiet ? nullptr : &log);
  report.task = task.name;
  report.command = command_line(command);
  const pruning::ReportFiles files = pruning::write_report(report, out);
  std::cout << summary_text(report) << "report: " << files.json.string() << "\n        "
            << files.html.string() << std::endl;
  if (pruning::can_export_models()) {
    export_and_verify(task, report.hardware, out);
    std::cout << "hls4ml: python3 " << (out / "convert.py").string() << std::endl;
  }
  if (report.interrupted) {
    std::cerr
        << "espalier: interrupted; the report is of the best network accepted until then, and "
           "--resume goes on from there"
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
          ->add_option(
              "--task", arguments->task,
              "jets: generated jets, MLP 16-64-32-32-5; fashion: Fashion-MNIST, LeNet; "
              "gamma: MAGIC telescope, MLP 10-64-32-32-2; cifar and svhn: CIFAR-10 or SVHN, "
              "three convolutions and three dense layers")
          ->check(CLI::IsMember({"jets", "fashion", "gamma", "cifar", "svhn"}))
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
                      "With --task: its files (default: fashion-mnist, magic-gamma, "
                      "cifar10-subset or svhn in $ESPALIER_DATA)");
  command->add_option("--out", arguments->out_folder,
                      "Folder for the report, created (default: espalier-TASK)");
  command->add_option("--threads", arguments->threads, "Worker threads")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command->add_option("--seed", arguments->seed, "Seed of initial weights and shuffling")
      ->capture_default_str();
  add_method_options(*command, *arguments);
  command->add_flag("--resume", arguments->resume,
                    "Go on from the checkpoint of the same command in --out, where there is one");
  command->add_flag("--quiet", arguments->quiet, "No progress, only the table at the end");
  command->footer(
      "Exit code: 0 done, 1 bad input or failed run, 2 bad usage, 130 interrupted (Ctrl-C once\n"
      "stops cleanly and writes the best network accepted until then; --resume goes on from "
      "there).");
  command->callback([=, &exit_code] {
    if (demo->count() + task->count() + config->count() + model->count() == 0) {
      throw CLI::RequiredError("one of --demo, --task, --config and --model");
    }
    exit_code = run_prune(*arguments, *command);
  });
}

}  // namespace espalier::app
