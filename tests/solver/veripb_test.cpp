// Certificates of problems of every kind before VeriPB itself, a program that shares nothing with
// ours. Skipped where no `veripb` is on the PATH.

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>

#include <unistd.h>

#include "espalier/solver/certificate.hpp"
#include "espalier/solver/solve.hpp"
#include "espalier/support/random.hpp"

#include "data_dir.hpp"
#include "hard_problem.hpp"
#include "twisted_problem.hpp"

namespace {

using namespace espalier;
namespace fs = std::filesystem;

constexpr int kProblems = 120;

int run(const fs::path& folder) {
  const fs::path proof = folder / "p.pbp";
  const std::string log = (folder / "log").string();
  const std::string command =
      "veripb '" + (folder / "p.opb").string() + "' '" + proof.string() + "' >'" + log + "' 2>&1";
  Random random(20261124);
  int accepted = 0;
  for (int trial = 0; trial < kProblems; ++trial) {
    const int items = static_cast<int>(random.integer(1, 25));
    const int rows = static_cast<int>(random.integer(1, 5));
    const auto problem = trial % 3 == 0
                             ? tests::twisted_problem(random, items, rows)
                             : tests::chu_beasley(static_cast<std::size_t>(items) + 30,
                                                  static_cast<std::size_t>(rows), random.bits());
    const int threads = trial % 2 == 0 ? 1 : 3;
    const auto written = solver::write_certificate(
        problem, solver::solve(problem, {.threads = threads}), proof, {.threads = threads});
    if (written.stop_reason != solver::StopReason::kNone) continue;
    if (std::system(command.c_str()) != 0 ||
        std::system(("grep -q 'erification succeeded' '" + log + "'").c_str()) != 0) {
      std::cerr << "veripb refuses the proof of problem " << trial << ":\n";
      [[maybe_unused]] const int shown =
          std::system(("cat '" + log + "' '" + (folder / "p.opb").string() + "' >&2").c_str());
      return 1;
    }
    ++accepted;
  }
  std::cout << "veripb accepts " << accepted << " proofs\n";
  return accepted >= kProblems / 2 ? 0 : 1;
}

}  // namespace

int main() {
  if (std::system("command -v veripb >/dev/null 2>&1") != 0) {
    std::cerr << "SKIPPED: there is no veripb on the PATH\n";
    return espalier::tests::kSkipped;
  }
  const fs::path folder = fs::temp_directory_path() / ("veripb_test." + std::to_string(getpid()));
  int result = 1;
  try {
    fs::create_directory(folder);
    result = run(folder);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
  }
  fs::remove_all(folder);
  return result;
}
