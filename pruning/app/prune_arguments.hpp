#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "espalier/pruning/prune.hpp"
#include "espalier/resource_model/network.hpp"

namespace espalier::app {

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
  bool resume = false;

  std::optional<int> reuse_factor;
  std::string precision;
  std::string device;
  std::optional<std::string> objective;
  std::optional<std::string> target;
  std::optional<std::string> budget;
  std::vector<std::string> floors;

  std::optional<std::string> value;
  std::optional<std::string> value_scale;
  std::optional<std::string> selection;
  std::optional<double> tolerance;
  std::optional<double> margin;

  std::optional<std::string> schedule;
  std::optional<int> steps;
  std::optional<double> step;
  std::optional<int> max_bad_trials;
  std::optional<int> regrowth_epochs;

  std::optional<std::string> regularization;
  bool fixed_point_tuning = false;
  std::optional<int> epochs;
  std::optional<int> tuning_epochs;
  std::optional<double> learning_rate;
  std::optional<std::string> learning_rate_schedule;
  std::optional<int> patience;
};

/// Adds the options that say how to prune; those that say what, and where from, are the verb's own.
void add_method_options(CLI::App& command, PruneArguments& arguments);

/// The options of a task with what the command line gives in their place. Throws Error that quotes
/// what cannot be read.
pruning::PruneOptions options_of(const PruneArguments& arguments,
                                 const pruning::PruneOptions& task_options);

/// Reuse factor, types and part of the hardware, where the command line gives them. Reuse factors
/// that a layer cannot have are moved as hls4ml moves them; the result has a warning for each.
std::vector<std::string> apply_hardware_arguments(const PruneArguments& arguments,
                                                  resource_model::Network& hardware);

/// The command as a shell would need it to be typed, without --resume: the run is the same.
std::string command_line(const CLI::App& command);

}  // namespace espalier::app
