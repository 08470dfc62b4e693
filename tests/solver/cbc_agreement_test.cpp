// Classed problems of 1000 items have the same optimum by classes, by the plain branch and cut and
// by CBC (a program of its own, from Debian's coinor-cbc), as far as these finish in their limits.
// Skipped where CBC is not installed.

#include <cstdint>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include <unistd.h>

#include "espalier/solver/solve.hpp"

#include "data_dir.hpp"
#include "instances.hpp"

namespace {

using namespace espalier::solver;
using namespace espalier::bench;
using espalier::Random;

constexpr const char* kLimits = " -ratioGap 0 -allowableGap 0 -sec 10";

/// Objective of the items that CBC chose, added up in integers; nothing when it proved none.
std::optional<std::int64_t> solve_by_cbc(const Problem& problem,
                                         const std::filesystem::path& folder) {
  const auto model = folder / "problem.lp";
  const auto solution = folder / "problem.sol";
  write_problem(problem, "lp", model);
  const std::string command =
      "cbc " + model.string() + kLimits + " -solve -solution " + solution.string() + " >/dev/null";
  if (std::system(command.c_str()) != 0) return std::nullopt;
  std::ifstream file(solution);
  std::string line;
  std::getline(file, line);
  if (line.rfind("Optimal", 0) != 0) return std::nullopt;
  std::vector<std::int32_t> selected;
  std::string index, name, value, cost;
  while (file >> index >> name >> value >> cost) {
    if (name[0] == 'x' && std::stod(value) > 0.5) selected.push_back(std::stoi(name.substr(1)) - 1);
  }
  if (!is_feasible(problem, selected)) return std::nullopt;
  return objective_of(problem, selected);
}

int run(const std::filesystem::path& folder) {
  int compared_with_cbc = 0;
  int compared_with_plain = 0;
  for (const std::string shape : {"1x12", "2x12", "3x40"}) {
    for (const std::string profits : {"normal", "heavy", "nearly-equal", "ties"}) {
      for (const double budget : {0.1, 0.5, 0.9}) {
        Random random(7);
        auto classes = make_classes(random, shape_of(shape, 1000, profits));
        auto capacities = make_capacities(classes, budget);
        const ClassedProblem problem(std::move(classes), std::move(capacities));
        const ClassedResult result = solve_classed(problem);
        const Problem plain = make_plain(random, problem);
        const Result general = solve(plain, {.node_limit = 100000, .item_classes = false});
        const auto by_cbc = solve_by_cbc(plain, folder);
        const std::string name = shape + " " + profits + " " + std::to_string(budget);
        if (result.status != Status::kOptimal || general.objective > result.objective ||
            general.bound < result.objective || by_cbc.value_or(0) > result.objective) {
          std::cerr << name << ": WRONG: " << result.objective << " by classes, "
                    << general.objective << " to " << general.bound << " in general, "
                    << by_cbc.value_or(0) << " by CBC\n";
          return 1;
        }
        if (by_cbc && *by_cbc != result.objective) {
          std::cerr << name << ": CBC calls " << *by_cbc << " optimal, proven is "
                    << result.objective << " (relative difference "
                    << static_cast<double>(result.objective - *by_cbc) /
                           static_cast<double>(result.objective)
                    << ")\n";
        } else if (by_cbc) {
          ++compared_with_cbc;
        }
        compared_with_plain += general.status == Status::kOptimal ? 1 : 0;
      }
    }
  }
  std::cout << "of 36 problems " << compared_with_plain << " have the optimum of the plain search, "
            << compared_with_cbc << " that of CBC\n";
  return compared_with_plain >= 24 && compared_with_cbc >= 24 ? 0 : 1;
}

}  // namespace

int main() {
  if (std::system("cbc -quit >/dev/null 2>&1") != 0) {
    std::cerr << "SKIPPED: cbc is not installed (Debian package coinor-cbc)\n";
    return espalier::tests::kSkipped;
  }
  const auto folder =
      std::filesystem::temp_directory_path() / ("cbc_agreement_test." + std::to_string(getpid()));
  int result = 1;
  try {
    std::filesystem::create_directory(folder);
    result = run(folder);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
  }
  std::filesystem::remove_all(folder);
  return result;
}
