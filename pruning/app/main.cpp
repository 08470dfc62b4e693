#include <exception>
#include <iostream>
#include <new>
#include <string>

#include "espalier/support/error.hpp"

#include "commands.hpp"

namespace {

using espalier::app::kFailed;
using espalier::app::kUsage;

/// Errors are one line each, whatever the message holds.
void print_error(std::string message) {
  for (char& c : message) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  std::cerr << "espalier: " << message << std::endl;
}

/// `--help` and `--version` are answered on stdout; anything else is a usage error.
int answer_parse_error(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) return app.exit(error);
  std::string message = error.what();
  message = message.substr(0, message.find('\n'));
  print_error(message + " (espalier --help lists what there is)");
  return kUsage;
}

}  // namespace

int main(int argc, char** argv) {
  int exit_code = espalier::app::kDone;
  CLI::App app("Espalier: exact knapsack solver and resource-aware pruning for FPGAs", "espalier");
  app.set_version_flag("--version", "espalier " ESPALIER_VERSION);
  app.require_subcommand(1);
  espalier::app::add_solve_command(app, exit_code);
  espalier::app::add_check_command(app, exit_code);
  espalier::app::add_estimate_command(app, exit_code);
  espalier::app::add_frontier_command(app, exit_code);
  espalier::app::add_prune_command(app, exit_code);
  espalier::app::add_verify_command(app, exit_code);
  try {
    app.parse(argc, argv);
    if (!std::cout.flush()) throw espalier::Error("cannot write to the standard output");
    return exit_code;
  } catch (const CLI::ParseError& error) {
    return answer_parse_error(app, error);
  } catch (const espalier::Error& error) {
    print_error(error.what());
  } catch (const std::bad_alloc&) {
    print_error("out of memory");
  } catch (const espalier::InternalError& error) {
    print_error(error.what());  // says "internal error" itself
  } catch (const std::exception& error) {
    print_error(std::string("internal error: ") + error.what());
  } catch (...) {
    print_error("internal error: an exception of unknown type");
  }
  return kFailed;
}
