#include <cstdint>
#include <cstdio>
#include <iostream>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "espalier/solver/certificate.hpp"
#include "espalier/solver/result_io.hpp"
#include "espalier/solver/solve.hpp"
#include "espalier/support/error.hpp"

#include "commands.hpp"
#include "instance_choice.hpp"
#include "interrupt.hpp"
#include "terminal.hpp"

namespace espalier::app {
namespace {

using solver::Instance;
using solver::Result;
using solver::Status;
using solver::StopReason;

struct SolveArguments {
  std::string file;
  std::optional<int> instance;
  std::string start_file;
  std::string json_file;
  std::string certificate_file;
  bool no_cuts = false;
  bool quiet = false;
  solver::SolveOptions options;

  bool has_json_on_stdout() const { return json_file == "-"; }
};

/// The selection that --start gives for an instance.
std::vector<std::int32_t> start_for(const Instance& instance, const SolveArguments& arguments,
                                    const std::vector<solver::ClaimedResult>& starts) {
  if (arguments.start_file.empty()) return {};
  const auto* claim = find_claim(starts, instance);
  if (claim == nullptr) {
    throw Error(arguments.start_file, 0, "has no result for " + instance.name);
  }
  return claim->selected;
}

std::string status_text(const Result& result) {
  std::string text = solver::to_string(result.status);
  if (result.stop_reason == StopReason::kInterrupt) return text + " (interrupted)";
  if (result.stop_reason != StopReason::kNone) {
    text += std::string(" (") + solver::to_string(result.stop_reason) + " limit)";
  }
  return text;
}

void print_summary(const Instance& instance, const Result& result, std::ostream& out) {
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%.3f s", result.statistics.seconds);
  out << instance.name << ": " << status_text(result);
  if (result.status != Status::kInfeasible) {
    out << ", objective " << solver::objective_in_file_units(instance, result.objective)
        << ", bound " << solver::objective_in_file_units(instance, result.bound);
    if (result.status == Status::kFeasible) {
      out << ", gap " << gap_text(instance, result.objective, result.bound);
    }
  }
  out << ", " << result.statistics.nodes << " nodes, " << seconds << std::endl;
}

void warn_if_file_disagrees(const Instance& instance, const Result& result) {
  if (!instance.known_optimum || result.status != Status::kOptimal) return;
  if (*instance.known_optimum == result.objective) return;
  std::cerr << "espalier: warning: " << instance.name << ": the file gives the optimum "
            << solver::objective_in_file_units(instance, *instance.known_optimum) << ", proven is "
            << solver::objective_in_file_units(instance, result.objective) << std::endl;
}

Result solve_one(const Instance& instance, const SolveArguments& arguments,
                 solver::SolveOptions options) {
  Result result;
  if (arguments.quiet) {
    result = solver::solve(instance.problem, options);
  } else {
    SolveLog log(instance, options.threads);
    result = solver::solve(instance.problem, options, &log);
  }
  // Where the JSON has the standard output for itself, the summary is part of the log.
  if (!arguments.has_json_on_stdout()) {
    print_summary(instance, result, std::cout);
  } else if (!arguments.quiet) {
    print_summary(instance, result, std::cerr);
  }
  warn_if_file_disagrees(instance, result);
  return result;
}

/// Proves the result once more in a form that can be checked; the exit code.
int certify(const Instance& instance, const Result& result, const SolveArguments& arguments,
            const solver::SolveOptions& options) {
  const auto summary =
      solver::write_certificate(instance.problem, result, arguments.certificate_file, options);
  if (summary.stop_reason == StopReason::kInterrupt) return kInterrupted;
  if (summary.stop_reason != StopReason::kNone) {
    std::cerr << "espalier: no certificate: the " << solver::to_string(summary.stop_reason)
              << " limit ended the proof" << std::endl;
    return kStoppedAtLimit;
  }
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%.3f s", summary.seconds);
  (arguments.has_json_on_stdout() ? std::cerr : std::cout)
      << instance.name << ": certificate " << arguments.certificate_file << ", " << summary.leaves
      << " leaves, " << summary.proof_bytes << " bytes, " << seconds << std::endl;
  return kDone;
}

void write_json(const SolveArguments& arguments, const std::vector<std::string>& objects,
                bool as_array) {
  if (arguments.json_file.empty()) return;
  std::string json = as_array ? "[" : "";
  for (const std::string& object : objects) {
    if (json.size() > 1) json += ",\n";
    json += object;
  }
  json += as_array ? "]\n" : "\n";
  if (arguments.has_json_on_stdout()) {
    std::cout << json;
  } else {
    solver::write_file_atomically(arguments.json_file, json);
  }
}

int run_solve(const SolveArguments& arguments) {
  const auto instances = read_chosen_instances(arguments.file, arguments.instance);
  if (!arguments.certificate_file.empty() && instances.size() != 1) {
    throw Error("a certificate is for one instance; choose one with --instance");
  }
  std::vector<solver::ClaimedResult> starts;
  if (!arguments.start_file.empty()) starts = solver::read_results(arguments.start_file);

  InterruptWatch interrupt;
  std::vector<std::string> objects;
  int exit_code = kDone;
  for (const Instance& instance : instances) {
    if (interrupt.is_interrupted()) {
      exit_code = kInterrupted;
      break;
    }
    solver::SolveOptions options = arguments.options;
    options.cuts = !arguments.no_cuts;
    options.stop = interrupt.token();
    options.start = start_for(instance, arguments, starts);
    const Result result = solve_one(instance, arguments, options);
    objects.push_back(solver::result_to_json(instance, result, options.threads));
    if (result.stop_reason == StopReason::kInterrupt) {
      exit_code = kInterrupted;
      break;
    }
    if (result.stop_reason != StopReason::kNone) exit_code = kStoppedAtLimit;
    if (!arguments.certificate_file.empty() && exit_code == kDone) {
      exit_code = certify(instance, result, arguments, options);
    }
  }
  write_json(arguments, objects, instances.size() > 1);
  return exit_code;
}

}  // namespace

void add_solve_command(CLI::App& app, int& exit_code) {
  auto* command =
      app.add_subcommand("solve", "Solve 0-1 multidimensional knapsacks to proven optimality");
  const auto arguments = std::make_shared<SolveArguments>();
  solver::SolveOptions& options = arguments->options;
  command
      ->add_option("FILE", arguments->file,
                   "OR-Library, .dat, Pisinger, OPB, MPS or CPLEX-LP file, may be gzipped")
      ->required();
  command
      ->add_option("--instance", arguments->instance,
                   "Solve only this 0-based instance of the file (default: all of them)")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--threads", options.threads, "Worker threads")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command->add_option("--time-limit", options.time_limit_seconds, "Seconds for each instance")
      ->check(CLI::Validator(check_seconds, "SECONDS"));
  command
      ->add_option("--node-limit", options.node_limit, "Branch-and-bound nodes for each instance")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--memory-limit", options.memory_limit_mib, "MiB for the search")
      ->check(CLI::PositiveNumber);
  command->add_option("--start", arguments->start_file,
                      "Result file with a feasible starting solution");
  command->add_flag("--no-cuts", arguments->no_cuts, "Leave out cover cuts");
  command->add_flag("--deterministic", options.deterministic,
                    "Same answer and node count for any number of threads");
  command->add_option("--json", arguments->json_file, "Write the result here, '-' for stdout");
  command->add_option("--certificate", arguments->certificate_file,
                      "Write a VeriPB proof of the result here, and its OPB file beside it");
  command->add_flag("--quiet", arguments->quiet, "No progress log");
  command->footer(
      "Exit code: 0 proven optimal or infeasible, 1 bad input, 2 bad usage, 3 stopped at a limit,\n"
      "130 interrupted (Ctrl-C); the best solution and a valid bound are written in either case.");
  command->callback([arguments, &exit_code] { exit_code = run_solve(*arguments); });
}

}  // namespace espalier::app
