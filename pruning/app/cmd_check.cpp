#include <cstddef>
#include <cstdio>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "espalier/solver/certificate.hpp"
#include "espalier/solver/check.hpp"
#include "espalier/support/error.hpp"

#include "commands.hpp"
#include "instance_choice.hpp"

namespace espalier::app {
namespace {

struct CheckArguments {
  std::string file;
  std::string result_file;
  std::string certificate_file;
  std::optional<int> instance;
};

std::string verdict_on(const solver::ClaimedResult& claim) {
  if (claim.status == "infeasible") return "infeasible, as claimed";
  if (claim.status == "optimal") {
    return "feasible with objective " + claim.objective + ", as claimed (optimality is claimed)";
  }
  return "feasible with objective " + claim.objective + " and bound " + claim.bound +
         ", as claimed";
}

/// The file's own optimum is hearsay, so that a difference is a warning and no failed check.
void compare_with_file(const solver::Instance& instance, const solver::ClaimedResult& claim) {
  if (!instance.known_optimum || claim.status != "optimal") return;
  const std::string optimum = solver::objective_in_file_units(instance, *instance.known_optimum);
  if (optimum == claim.objective) return;
  std::cerr << "espalier: warning: " << instance.name << ": the file gives the optimum " << optimum
            << ", the result claims " << claim.objective << '\n';
}

/// Prints whether the certificate proves the claim, which has been checked otherwise.
bool check_proof(const solver::Instance& instance, const solver::ClaimedResult& claim,
                 const std::string& file) {
  const auto report = solver::check_certificate(instance, file);
  for (const std::string& problem : report.problems) {
    std::cout << instance.name << ": WRONG: " << problem << '\n';
  }
  if (!report.ok()) return false;
  const bool is_infeasible = claim.status == "infeasible";
  const std::string proven =
      report.optimum ? solver::objective_in_file_units(instance, *report.optimum) : "infeasible";
  const bool agrees =
      is_infeasible ? !report.optimum
                    : report.optimum && claim.status == "optimal" &&
                          *report.optimum == solver::objective_of(instance.problem, claim.selected);
  if (!agrees) {
    std::cout << instance.name << ": WRONG: the certificate proves " << proven
              << "; the result claims " << claim.status << ' ' << claim.objective << '\n';
    return false;
  }
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%.3f s", report.seconds);
  std::cout << instance.name << ": proof ok: " << proven << (report.optimum ? " is optimal" : "")
            << ", " << report.steps << " steps, " << report.proof_bytes << " bytes, " << seconds
            << '\n';
  return true;
}

/// Prints what is wrong with one claim; whether nothing is.
bool check_one(const solver::Instance& instance, const solver::ClaimedResult& claim) {
  const auto report = solver::check_result(instance, claim);
  for (const std::string& problem : report.problems) {
    std::cout << instance.name << ": WRONG: " << problem << '\n';
  }
  if (!report.ok()) return false;
  std::cout << instance.name << ": ok: " << verdict_on(claim) << '\n';
  compare_with_file(instance, claim);
  return true;
}

int run_check(const CheckArguments& arguments) {
  const auto instances = read_chosen_instances(arguments.file, arguments.instance);
  const auto claims = solver::read_results(arguments.result_file);
  if (!arguments.certificate_file.empty() && instances.size() != 1) {
    throw Error("a certificate is for one instance; choose one with --instance");
  }
  std::size_t checked = 0;
  std::size_t wrong = 0;
  for (const auto& instance : instances) {
    const auto* claim = find_claim(claims, instance);
    if (claim == nullptr) continue;
    ++checked;
    const bool is_right =
        check_one(instance, *claim) && (arguments.certificate_file.empty() ||
                                        check_proof(instance, *claim, arguments.certificate_file));
    if (!is_right) ++wrong;
  }
  // Without --instance every claim must belong to an instance: none is passed over in silence.
  const std::size_t expected = arguments.instance ? 1 : claims.size();
  if (checked != expected || checked == 0) {
    throw Error(arguments.result_file, 0,
                std::to_string(checked) + " of its " + std::to_string(claims.size()) +
                    " results belong to the chosen instances of " + arguments.file + "; expected " +
                    std::to_string(expected) + " (the field 'instance' must match)");
  }
  std::cout << checked << " of " << instances.size() << " instances checked, " << wrong
            << " wrong\n";
  return wrong == 0 ? kDone : kFailed;
}

}  // namespace

void add_check_command(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand(
      "check", "Recompute feasibility, objective and, with a proof, optimality in exact integers");
  const auto arguments = std::make_shared<CheckArguments>();
  command->add_option("FILE", arguments->file, "Instance file, as solve reads it")->required();
  command->add_option("RESULT", arguments->result_file, "Result file of solve --json")->required();
  command->add_option("--instance", arguments->instance, "0-based instance of the file")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--certificate", arguments->certificate_file,
                      "Proof of solve --certificate: check optimality too");
  command->callback([arguments, &exit_code] { exit_code = run_check(*arguments); });
}

}  // namespace espalier::app
