#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "espalier/solver/frontier_io.hpp"
#include "espalier/solver/result_io.hpp"
#include "espalier/support/error.hpp"

#include "commands.hpp"
#include "instance_choice.hpp"
#include "interrupt.hpp"
#include "terminal.hpp"

namespace espalier::app {
namespace {

using solver::FrontierPoint;
using solver::FrontierReport;
using solver::Instance;
using solver::Status;
using solver::StopReason;

constexpr std::size_t kMostPoints = 1'000'000;

struct FrontierArguments {
  std::string file;
  std::optional<int> instance;
  std::vector<int> rows;
  std::vector<std::string> from = {"0%"};
  std::vector<std::string> to = {"100%"};
  std::vector<int> steps = {101};
  std::vector<std::string> step;
  bool is_grid = false;
  bool with_items = false;
  bool quiet = false;
  std::string csv_file, json_file, svg_file;
  solver::SolveOptions options;
};

/// The value for the k-th row of an option that has one for all rows or one for each.
template <typename T>
const T& value_for(const std::vector<T>& values, std::size_t k) {
  return values.size() == 1 ? values.front() : values.at(k);
}

void check_lengths(const FrontierArguments& arguments, std::size_t rows) {
  const auto check = [rows](std::size_t found, const char* option) {
    if (found > 1 && found != rows) {
      throw Error(std::string(option) + " has " + std::to_string(found) +
                  " values; expected one, or one for each of " + std::to_string(rows) + " rows");
    }
  };
  check(arguments.from.size(), "--from");
  check(arguments.to.size(), "--to");
  check(arguments.steps.size(), "--steps");
  check(arguments.step.size(), "--step");
}

std::vector<std::int64_t> budgets_of_row(const Instance& instance,
                                         const FrontierArguments& arguments, int row,
                                         std::size_t k) {
  const std::int64_t from = solver::parse_budget(instance, row, value_for(arguments.from, k));
  const std::int64_t to = solver::parse_budget(instance, row, value_for(arguments.to, k));
  if (arguments.step.empty()) return solver::budget_steps(from, to, value_for(arguments.steps, k));
  const std::int64_t step = solver::parse_budget(instance, row, value_for(arguments.step, k));
  return solver::budgets_by_step(from, to, step);
}

std::vector<std::vector<std::int64_t>> budgets(const Instance& instance,
                                               const FrontierArguments& arguments,
                                               const std::vector<int>& rows) {
  check_lengths(arguments, rows.size());
  std::vector<std::vector<std::int64_t>> values;
  for (std::size_t k = 0; k < rows.size(); ++k) {
    if (rows[k] >= instance.problem.num_rows()) {
      throw Error("there is no row " + std::to_string(rows[k]) + "; expected 0 to " +
                  std::to_string(instance.problem.num_rows() - 1));
    }
    values.push_back(budgets_of_row(instance, arguments, rows[k], k));
  }
  std::size_t points = 1;
  for (const auto& of_row : values) {
    points = arguments.is_grid ? points * of_row.size() : of_row.size();
    if (points > kMostPoints) {
      throw Error("the frontier has more than 1000000 points; expected fewer steps");
    }
  }
  const auto capacities = instance.problem.capacities();
  return arguments.is_grid ? solver::budget_grid(capacities, rows, values)
                           : solver::budget_line(capacities, rows, values);
}

Instance read_one(const FrontierArguments& arguments) {
  auto instances = read_chosen_instances(arguments.file, arguments.instance);
  if (instances.size() > 1) {
    throw Error(arguments.file, 0,
                "has " + std::to_string(instances.size()) +
                    " instances; expected --instance to choose one of them");
  }
  return std::move(instances.front());
}

void write_output(const std::string& file, const std::string& content) {
  if (file.empty()) return;
  if (file == "-") {
    std::cout << content;
  } else {
    solver::write_file_atomically(file, content);
  }
}

std::string summary(const FrontierReport& report) {
  const auto count = [&](Status status) {
    return std::count_if(report.points.begin(), report.points.end(),
                         [&](const FrontierPoint& point) { return point.status == status; });
  };
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%.3f s", report.seconds);
  std::string text = report.instance.name + ": " + std::to_string(report.points.size()) +
                     " points in " + std::to_string(report.classes.problem.classes().size()) +
                     " classes, " + std::to_string(count(Status::kOptimal)) + " proven optimal";
  if (const auto infeasible = count(Status::kInfeasible); infeasible > 0) {
    text += ", " + std::to_string(infeasible) + " infeasible";
  }
  if (const auto stopped = count(Status::kFeasible); stopped > 0) {
    text += ", " + std::to_string(stopped) + " stopped";
  }
  return text + ", " + seconds;
}

int exit_code_of(const std::vector<FrontierPoint>& points) {
  int code = kDone;
  for (const FrontierPoint& point : points) {
    if (point.stop_reason == StopReason::kInterrupt) return kInterrupted;
    if (point.stop_reason != StopReason::kNone) code = kStoppedAtLimit;
  }
  return code;
}

int run_frontier(const FrontierArguments& arguments) {
  const Instance instance = read_one(arguments);
  std::vector<int> rows = arguments.rows;
  if (rows.empty()) {
    rows.resize(static_cast<std::size_t>(instance.problem.num_rows()));
    std::iota(rows.begin(), rows.end(), 0);
  }
  const auto capacities = budgets(instance, arguments, rows);

  InterruptWatch interrupt;
  solver::SolveOptions options = arguments.options;
  options.stop = interrupt.token();
  const auto start = std::chrono::steady_clock::now();
  const solver::ClassedItems classes = solver::group_into_classes(instance.problem);
  if (!arguments.quiet) {
    std::cerr << instance.name << ": tracing " << capacities.size() << " points, "
              << instance.problem.num_items() << " items in " << classes.problem.classes().size()
              << " classes" << std::endl;
  }
  const auto points = solver::trace_frontier(classes.problem, capacities, options);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;

  const FrontierReport report{instance,          classes,         points,         rows,
                              arguments.is_grid, options.threads, seconds.count()};
  const bool writes_nothing =
      arguments.csv_file.empty() && arguments.json_file.empty() && arguments.svg_file.empty();
  const std::string csv_file = writes_nothing ? "-" : arguments.csv_file;
  const bool has_stdout =
      csv_file == "-" || arguments.json_file == "-" || arguments.svg_file == "-";
  if (!csv_file.empty()) write_output(csv_file, solver::frontier_to_csv(report));
  if (!arguments.json_file.empty()) {
    write_output(
        arguments.json_file,
        solver::frontier_to_json(report, arguments.with_items ? solver::FrontierDetail::kItems
                                                              : solver::FrontierDetail::kCounts) +
            "\n");
  }
  if (!arguments.svg_file.empty()) {
    write_output(arguments.svg_file, solver::frontier_to_svg(report));
  }
  // Where an output has the standard output for itself, the summary is part of the log.
  if (!has_stdout) {
    std::cout << summary(report) << std::endl;
  } else if (!arguments.quiet) {
    std::cerr << summary(report) << std::endl;
  }
  return exit_code_of(points);
}

void check_usage(const FrontierArguments& arguments) {
  const auto outputs = {arguments.csv_file, arguments.json_file, arguments.svg_file};
  if (std::count(outputs.begin(), outputs.end(), "-") > 1) {
    throw CLI::ValidationError("--csv, --json, --svg", "only one of them can be '-'");
  }
  if (arguments.is_grid && arguments.rows.size() == 1) {
    throw CLI::ValidationError("--grid", "expected at least two --rows");
  }
  if (arguments.with_items && arguments.json_file.empty()) {
    throw CLI::ValidationError("--items", "expected --json to write them to");
  }
  for (std::size_t k = 0; k < arguments.rows.size(); ++k) {
    if (std::count(arguments.rows.begin(), arguments.rows.end(), arguments.rows[k]) > 1) {
      throw CLI::ValidationError("--rows",
                                 "row " + std::to_string(arguments.rows[k]) + " is given twice");
    }
  }
}

}  // namespace

void add_frontier_command(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand(
      "frontier", "Trace the best value for every budget, each point proven optimal");
  const auto arguments = std::make_shared<FrontierArguments>();
  command->add_option("FILE", arguments->file, "Instance file, as solve reads it")->required();
  command
      ->add_option("--instance", arguments->instance,
                   "0-based instance; needed where the file has several")
      ->check(CLI::NonNegativeNumber);
  command
      ->add_option("--rows", arguments->rows,
                   "0-based rows whose capacity varies, such as 0,1; the others keep the file's "
                   "(default: all rows)")
      ->delimiter(',')
      ->check(CLI::NonNegativeNumber);
  command
      ->add_option("--from", arguments->from,
                   "First budget: a number, or a percentage of the row's total weight; one for all "
                   "rows or one per row, such as 100,5%")
      ->delimiter(',')
      ->capture_default_str();
  command->add_option("--to", arguments->to, "Last budget, likewise")
      ->delimiter(',')
      ->capture_default_str();
  auto* steps = command
                    ->add_option("--steps", arguments->steps,
                                 "Evenly spread budgets of each row, both ends included")
                    ->delimiter(',')
                    ->check(CLI::Range(2, 1'000'000))
                    ->capture_default_str();
  command
      ->add_option("--step", arguments->step,
                   "Distance of budgets instead of their number; 1 takes every budget of a row of "
                   "integers")
      ->delimiter(',')
      ->excludes(steps);
  command->add_flag("--grid", arguments->is_grid,
                    "Every combination of the rows' budgets (default: all rows rise together)");
  command->add_option("--csv", arguments->csv_file,
                      "Write a table here, '-' for stdout (the default when no output is named)");
  command->add_option("--json", arguments->json_file,
                      "Write points, classes and counts here, '-' for stdout");
  command->add_option("--svg", arguments->svg_file, "Draw the curve here, '-' for stdout");
  command->add_flag("--items", arguments->with_items,
                    "Add the chosen items of every point to the JSON");
  command->add_option("--threads", arguments->options.threads, "Worker threads")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command
      ->add_option("--time-limit", arguments->options.time_limit_seconds,
                   "Seconds for all points together")
      ->check(CLI::Validator(check_seconds, "SECONDS"));
  command->add_flag("--quiet", arguments->quiet,
                    "No log; the summary only where stdout is free for it");
  command->footer(
      "Budgets and values are in the file's units. Weights must not be negative.\n"
      "Exit code: 0 every point proven optimal or infeasible, 1 bad input, 2 bad usage,\n"
      "3 stopped at the time limit, 130 interrupted (Ctrl-C); in both of these cases the points\n"
      "not proven optimal have the status feasible and a valid bound.");
  command->callback([arguments, &exit_code] {
    check_usage(*arguments);
    exit_code = run_frontier(*arguments);
  });
}

}  // namespace espalier::app
