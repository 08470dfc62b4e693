// What cover cuts do at the root, per class of OR-Library: the part of the gap between the root's
// bound and the best known value that they close, and the nodes that the search then takes with the
// cuts as further rows, all of them kept, against the search without.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "espalier/solver/instance_io.hpp"
#include "espalier/solver/solve.hpp"

#include "presolve/presolve.hpp"
#include "search/root.hpp"
#include "search/root_cuts.hpp"

namespace {

using namespace espalier::solver;

/// Sums over the instances of a class.
struct ClassSums {
  int instances = 0;
  int with_cuts = 0;
  double share_closed = 0.0;
  double most_closed = 0.0;
  double cuts = 0.0;
  int compared = 0;
  double log_ratio = 0.0;  // of nodes with cuts to nodes without
};

Problem as_problem(const CoreProblem& core) {
  return Problem(core.profits, core.weights, core.capacities);
}

void look_at(const Instance& instance, std::int64_t optimum, std::int64_t node_limit,
             ClassSums& sums) {
  const PresolvedProblem presolved = presolve(instance.problem, true);
  const RootRelaxation root(presolved.core);
  const std::int64_t known = (optimum - presolved.objective_offset) / presolved.profit_divisor;
  const SolveOptions no_limits;
  Limits limits(no_limits);
  Statistics statistics;
  const TightenedRoot tight = tighten_root(presolved.core, root, known, limits, statistics, 0.0);
  ++sums.instances;
  if (!tight.core) return;
  ++sums.with_cuts;
  const double share =
      (root.bound() - tight.relaxation->bound()) / (root.bound() - static_cast<double>(known));
  sums.share_closed += share;
  sums.most_closed = std::max(sums.most_closed, share);
  sums.cuts += tight.core->num_rows - presolved.core.num_rows;
  if (node_limit == 0) return;
  const SolveOptions options{.node_limit = node_limit, .cuts = false};
  const Result without = solve(as_problem(presolved.core), options);
  const Result with = solve(as_problem(*tight.core), options);
  if (without.status != Status::kOptimal || with.status != Status::kOptimal) return;
  if (without.objective != with.objective) {
    std::fprintf(stderr, "%s: optimum %lld without cuts, %lld with\n", instance.name.c_str(),
                 static_cast<long long>(without.objective), static_cast<long long>(with.objective));
    std::exit(1);
  }
  ++sums.compared;
  sums.log_ratio += std::log(static_cast<double>(with.statistics.nodes + 1) /
                             static_cast<double>(without.statistics.nodes + 1));
}

std::vector<std::int64_t> best_known(const std::filesystem::path& file, const std::string& name) {
  std::vector<std::int64_t> values;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.rfind(name + ",", 0) != 0) continue;
    std::size_t at = 0;
    for (int field = 0; field < 4; ++field) at = line.find(',', at) + 1;
    values.push_back(std::atoll(line.c_str() + at));
  }
  return values;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Cover cuts at the root of the OR-Library classes");
  const char* data_dir = std::getenv("ESPALIER_DATA");
  std::string data = data_dir != nullptr ? data_dir : "";
  int instances = 10;
  std::int64_t node_limit = 2'000'000;
  app.add_option("--data", data, "folder with mkp/ (default: $ESPALIER_DATA)");
  app.add_option("--instances", instances, "how many of each class's 30, evenly spread")
      ->capture_default_str();
  app.add_option("--node-limit", node_limit, "per solve; 0 compares no nodes")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const std::filesystem::path folder = std::filesystem::path(data) / "mkp";
  if (data.empty() || !std::filesystem::exists(folder)) {
    std::fprintf(stderr, "bench_root_cuts: no data: set ESPALIER_DATA or give --data\n");
    return 1;
  }
  std::printf("class    instances  with cuts  cuts   closed %%   most %%  nodes ratio (solved)\n");
  const char* const classes[] = {"5.100",  "5.250",  "5.500",  "10.100", "10.250",
                                 "10.500", "30.100", "30.250", "30.500"};
  for (int c = 0; c < 9; ++c) {
    const std::string name = "mknapcb" + std::to_string(c + 1) + ".txt";
    const auto all = read_instances(folder / (name + ".gz"));
    const auto known = best_known(folder / "best_known.csv", name);
    ClassSums sums;
    const std::size_t step =
        std::max<std::size_t>(1, all.size() / static_cast<std::size_t>(instances));
    for (std::size_t k = 0; k < all.size() && k < known.size(); k += step) {
      look_at(all[k], known[k], node_limit, sums);
    }
    const double count = sums.instances;
    std::printf("%-8s %9d  %9d  %4.1f  %9.2f %8.2f", classes[c], sums.instances, sums.with_cuts,
                sums.cuts / count, 100.0 * sums.share_closed / count, 100.0 * sums.most_closed);
    if (sums.compared > 0) {
      std::printf("  %11.2f (%d)\n", std::exp(sums.log_ratio / sums.compared), sums.compared);
    } else {
      std::printf("            - (0)\n");
    }
    std::fflush(stdout);
  }
  return 0;
}
