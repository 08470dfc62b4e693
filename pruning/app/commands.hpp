#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace espalier::app {

/// Exit codes of the program.
enum ExitCode : int { kDone = 0, kFailed = 1, kUsage = 2, kStoppedAtLimit = 3, kInterrupted = 130 };

// Each verb registers its options and a callback that runs it and stores the exit code. Callbacks
// throw espalier::Error for bad input; main() turns it into one line on stderr and exit code 1.
void add_solve_command(CLI::App& app, int& exit_code);
void add_check_command(CLI::App& app, int& exit_code);
void add_estimate_command(CLI::App& app, int& exit_code);
void add_frontier_command(CLI::App& app, int& exit_code);
void add_prune_command(CLI::App& app, int& exit_code);
void add_verify_command(CLI::App& app, int& exit_code);

/// Validator of an option in seconds: empty for a number of at least 0, else what is expected.
std::string check_seconds(const std::string& text);

}  // namespace espalier::app
