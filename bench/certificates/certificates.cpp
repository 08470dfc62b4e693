// Solves, proves and checks the instances of a file and compares the processor times. Solving and
// checking take turns, and the best of some runs counts for each, so that other work on the machine
// troubles both alike. Nothing counts that the checker does not accept with the optimum of the
// solve.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "espalier/solver/certificate.hpp"
#include "espalier/solver/instance_io.hpp"
#include "espalier/solver/solve.hpp"
#include "espalier/support/error.hpp"

#include "timing.hpp"

namespace {

namespace fs = std::filesystem;
using namespace espalier::solver;
using espalier::bench::LeastTime;

struct Settings {
  std::string file;
  std::size_t step = 1;
  int runs = 5;
  SolveOptions solve{.time_limit_seconds = 60.0};
};

struct Times {
  double solve = 0.0;
  double prove = 0.0;
  double check = 0.0;
};

struct Totals {
  Times times;
  std::int64_t leaves = 0;
  double megabytes = 0.0;
  double log_ratio = 0.0;
  int instances = 0;
  int not_slower = 0;
};

/// False when a limit ended the solve or the proof.
bool measure(const Instance& instance, const Settings& settings, const fs::path& proof,
             Totals& totals) {
  LeastTime solving, proving, checking;
  const Result result = solving.measure([&] { return solve(instance.problem, settings.solve); });
  if (result.stop_reason != StopReason::kNone) return false;
  const auto summary = proving.measure(
      [&] { return write_certificate(instance.problem, result, proof, settings.solve); });
  if (summary.stop_reason != StopReason::kNone) return false;
  for (int run = 0; run < settings.runs; ++run) {
    const auto report = checking.measure([&] { return check_certificate(instance, proof); });
    if (!report.ok() || report.optimum != result.objective) {
      throw espalier::Error(instance.name + ": the certificate does not hold");
    }
    solving.measure([&] { return solve(instance.problem, settings.solve); });
  }
  totals.times.solve += solving.processor;
  totals.times.prove += proving.processor;
  totals.times.check += checking.processor;
  totals.leaves += summary.leaves;
  totals.megabytes += static_cast<double>(summary.proof_bytes) / 1e6;
  totals.log_ratio += std::log(checking.processor / std::max(solving.processor, 1e-6));
  totals.not_slower += checking.processor <= solving.processor ? 1 : 0;
  ++totals.instances;
  return true;
}

void print(const Totals& totals, int stopped) {
  const double count = std::max(totals.instances, 1);
  std::printf("%d instances proven, %d stopped at a limit\n", totals.instances, stopped);
  std::printf("mean processor s: solve %.4f, prove %.4f, check %.4f; %.0f leaves, %.2f MB\n",
              totals.times.solve / count, totals.times.prove / count, totals.times.check / count,
              static_cast<double>(totals.leaves) / count, totals.megabytes / count);
  std::printf("check / solve: %.2f geometric mean, %.2f of the sums, not slower on %d\n",
              std::exp(totals.log_ratio / count), totals.times.check / totals.times.solve,
              totals.not_slower);
}

void run(const Settings& settings) {
  const auto instances = read_instances(settings.file);
  const fs::path proof =
      fs::temp_directory_path() / ("bench-" + std::to_string(::getpid()) + ".pbp");
  Totals totals;
  int stopped = 0;
  for (std::size_t k = 0; k < instances.size(); k += settings.step) {
    if (!measure(instances[k], settings, proof, totals)) ++stopped;
  }
  fs::remove(proof);
  fs::remove(opb_beside(proof));
  print(totals, stopped);
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app("What certificates cost to find, to keep and to check");
  app.add_option("FILE", settings.file, "Instances, as espalier solve reads them")->required();
  app.add_option("--step", settings.step, "Every so many of them")->check(CLI::PositiveNumber);
  app.add_option("--runs", settings.runs, "Of which the best counts")->check(CLI::PositiveNumber);
  app.add_option("--threads", settings.solve.threads)->check(CLI::PositiveNumber);
  app.add_option("--time-limit", settings.solve.time_limit_seconds);
  CLI11_PARSE(app, argc, argv);
  try {
    run(settings);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_certificates: %s\n", error.what());
    return 1;
  }
}
