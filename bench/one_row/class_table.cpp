// Times the one-row engine on files of instances: one line a file.
//
//   one_row_class_table [--seconds S] [--each] FILE...
//
// Instances of more than one row are left out; --each also prints a line per instance.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include "espalier/solver/instance_io.hpp"

#include "one_row/one_row.hpp"

namespace {

using espalier::solver::Instance;
using espalier::solver::OneRowResult;

struct Options {
  double time_limit_seconds = 60.0;
  bool each = false;
  std::vector<std::string> files;
};

struct Totals {
  int instances = 0;
  int proven = 0;
  int wrong = 0;
  double seconds = 0.0;
  double slowest = 0.0;
  std::int64_t states = 0;
};

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--each") {
      options.each = true;
    } else if (argument == "--seconds" && i + 1 < argc) {
      options.time_limit_seconds = std::strtod(argv[++i], nullptr);
    } else {
      options.files.push_back(argument);
    }
  }
  return options;
}

/// The engine wants items that fit; presolve removes the others before it in the solver.
bool all_items_fit(const espalier::solver::Problem& problem) {
  return std::all_of(problem.row(0).begin(), problem.row(0).end(), [&](std::int64_t weight) {
    return weight > 0 && weight <= problem.capacities()[0];
  });
}

void time_instance(const Instance& instance, const Options& options, Totals& totals) {
  const auto start = std::chrono::steady_clock::now();
  const OneRowResult result = espalier::solver::solve_one_row(
      instance.problem.profits(), instance.problem.row(0), instance.problem.capacities()[0],
      {.time_limit_seconds = options.time_limit_seconds});
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  ++totals.instances;
  totals.proven += result.proven ? 1 : 0;
  const bool wrong = instance.known_optimum && result.proven && *instance.known_optimum != 0 &&
                     *instance.known_optimum != result.objective;
  totals.wrong += wrong ? 1 : 0;
  totals.seconds += seconds;
  totals.slowest = std::max(totals.slowest, seconds);
  totals.states += result.states;
  if (options.each) {
    std::printf("%-28s n=%-7d %s objective=%lld gap=%lld states=%lld %.4f s%s\n",
                instance.name.c_str(), instance.problem.num_items(),
                result.proven ? "optimal " : "feasible", static_cast<long long>(result.objective),
                static_cast<long long>(result.bound - result.objective),
                static_cast<long long>(result.states), seconds,
                wrong ? " DIFFERS FROM THE FILE" : "");
    std::fflush(stdout);
  }
}

void time_file(const std::string& file, const Options& options) {
  Totals totals;
  int left_out = 0;
  for (const Instance& instance : espalier::solver::read_instances(file)) {
    if (instance.problem.num_rows() != 1 || !all_items_fit(instance.problem)) {
      ++left_out;
      continue;
    }
    time_instance(instance, options, totals);
  }
  std::printf(
      "%s: %d instances (%d left out), %d proven, %d wrong, mean %.4f s, max %.4f s, "
      "%.3g states\n",
      file.c_str(), totals.instances, left_out, totals.proven, totals.wrong,
      totals.seconds / std::max(1, totals.instances), totals.slowest,
      static_cast<double>(totals.states));
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = parse(argc, argv);
  if (options.files.empty()) {
    std::fputs("usage: one_row_class_table [--seconds S] [--each] FILE...\n", stderr);
    return 2;
  }
  try {
    for (const std::string& file : options.files) time_file(file, options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "one_row_class_table: %s\n", error.what());
    return 1;
  }
  return 0;
}
