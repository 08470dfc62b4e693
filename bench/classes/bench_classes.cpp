// Solves the Chu-Beasley instances of OR-Library class by class and prints seconds, nodes, nodes
// per second and the share of the nodes after which the best solution was found. Every objective is
// held against the published list before its clock counts.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "espalier/solver/instance_io.hpp"
#include "espalier/solver/solve.hpp"
#include "espalier/support/error.hpp"

namespace {

namespace fs = std::filesystem;
using espalier::Error;
using namespace espalier::solver;

/// "m.n", as the literature names the classes, and the file that holds the 30 instances.
const std::vector<std::pair<std::string, std::string>> kClasses = {
    {"5.100", "mknapcb1"},  {"5.250", "mknapcb2"},  {"5.500", "mknapcb3"},
    {"10.100", "mknapcb4"}, {"10.250", "mknapcb5"}, {"10.500", "mknapcb6"},
    {"30.100", "mknapcb7"}, {"30.250", "mknapcb8"}, {"30.500", "mknapcb9"}};

struct Published {
  std::int64_t objective = 0;
  bool is_proven = false;
};

/// best_known.csv: file, index, n, m, best_known, proven_optimal, source.
std::map<std::pair<std::string, int>, Published> read_published(const fs::path& file) {
  std::ifstream in(file);
  if (!in) throw Error(file.string(), 0, "cannot be read; expected the list of published optima");
  std::map<std::pair<std::string, int>, Published> published;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::istringstream fields(line);
    std::vector<std::string> field;
    for (std::string text; std::getline(fields, text, ',');) field.push_back(text);
    if (field.size() < 6) continue;
    const std::string name = field[0].substr(0, field[0].find('.'));
    published[{name, std::stoi(field[1])}] = {std::stoll(field[4]), field[5] == "yes"};
  }
  return published;
}

struct Row {
  std::string instance;
  Result result;
  std::int64_t nodes_to_best = 0;  // searched when the best solution was found
};

class BestSolutionWatch : public Observer {
 public:
  void on_incumbent(const IncumbentEvent& event) override { nodes_ = event.nodes; }
  std::int64_t nodes() const noexcept { return nodes_; }

 private:
  std::int64_t nodes_ = 0;
};

/// Whether the answer contradicts the published one; says so on stderr.
bool contradicts(const Row& row, const Published& published) {
  const bool claims_less =
      row.result.status == Status::kOptimal && row.result.objective < published.objective;
  const bool claims_more = published.is_proven && row.result.objective > published.objective;
  const bool excludes_it = row.result.bound < published.objective;
  if (!claims_less && !claims_more && !excludes_it) return false;
  std::fprintf(stderr, "WRONG: %s: objective %lld, bound %lld, published %lld%s\n",
               row.instance.c_str(), static_cast<long long>(row.result.objective),
               static_cast<long long>(row.result.bound),
               static_cast<long long>(published.objective), published.is_proven ? " (proven)" : "");
  return true;
}

struct MeanAndMax {
  double mean = 0.0;
  double max = 0.0;
};

template <typename Value>
MeanAndMax summarize(const std::vector<Row>& rows, Value value) {
  MeanAndMax summary;
  for (const Row& row : rows) {
    const double v = value(row);
    summary.mean += v / static_cast<double>(rows.size());
    summary.max = std::max(summary.max, v);
  }
  return summary;
}

void print_class(const std::string& name, const std::vector<Row>& rows) {
  const auto solved = std::count_if(rows.begin(), rows.end(), [](const Row& row) {
    return row.result.status == Status::kOptimal;
  });
  const MeanAndMax seconds =
      summarize(rows, [](const Row& row) { return row.result.statistics.seconds; });
  const MeanAndMax nodes = summarize(
      rows, [](const Row& row) { return static_cast<double>(row.result.statistics.nodes); });
  const MeanAndMax best = summarize(rows, [](const Row& row) {
    const auto all = std::max<std::int64_t>(row.result.statistics.nodes, 1);
    return 100.0 * static_cast<double>(row.nodes_to_best) / static_cast<double>(all);
  });
  std::printf("%-8s %3ld/%-3zu %10.3f %10.3f %12.0f %12.0f %12.0f %7.1f\n", name.c_str(),
              static_cast<long>(solved), rows.size(), seconds.mean, seconds.max, nodes.mean,
              nodes.max, nodes.mean / std::max(seconds.mean, 1e-9), best.mean);
  std::fflush(stdout);
}

struct Settings {
  std::vector<std::string> classes = {"5.100", "10.100", "5.250"};
  std::string data;
  int instances = 30;
  bool prints_each = false;
  SolveOptions solve{.time_limit_seconds = 60.0};
};

/// `count` of the instances, evenly spread: each third of a file has another tightness.
std::vector<std::size_t> spread(std::size_t available, int count) {
  const auto wanted = std::min(available, static_cast<std::size_t>(std::max(count, 1)));
  std::vector<std::size_t> indices;
  for (std::size_t k = 0; k < wanted; ++k) indices.push_back(k * available / wanted);
  return indices;
}

bool run_class(const std::string& name, const Settings& settings,
               const std::map<std::pair<std::string, int>, Published>& published) {
  const auto known = std::find_if(kClasses.begin(), kClasses.end(),
                                  [&](const auto& entry) { return entry.first == name; });
  if (known == kClasses.end())
    throw Error("unknown class '" + name + "', expected 5.100 ... 30.500");
  const std::string& stem = known->second;
  const auto instances = read_instances(fs::path(settings.data) / "mkp" / (stem + ".txt.gz"));
  std::vector<Row> rows;
  bool all_right = true;
  for (const std::size_t k : spread(instances.size(), settings.instances)) {
    BestSolutionWatch watch;
    Result result = solve(instances[k].problem, settings.solve, &watch);
    rows.push_back({instances[k].name, std::move(result), watch.nodes()});
    const Row& row = rows.back();
    const auto listed = published.find({stem, static_cast<int>(k)});
    if (listed != published.end() && contradicts(row, listed->second)) all_right = false;
    if (settings.prints_each) print_class(name + "-" + std::to_string(k), {row});
  }
  print_class(name, rows);
  return all_right;
}

int run(int argc, char** argv) {
  Settings settings;
  if (const char* data = std::getenv("ESPALIER_DATA")) settings.data = data;
  CLI::App app("Seconds and nodes of the solver on the OR-Library classes", "bench_classes");
  app.add_option("classes", settings.classes, "m.n, such as 5.100")->capture_default_str();
  app.add_option("--data", settings.data, "folder with mkp/ (default: $ESPALIER_DATA)");
  app.add_option("--instances", settings.instances, "how many of each class's 30")
      ->capture_default_str();
  app.add_option("--threads", settings.solve.threads, "threads of each solve")
      ->capture_default_str();
  app.add_flag("--deterministic", settings.solve.deterministic, "the same tree for any threads");
  app.add_option("--time-limit", settings.solve.time_limit_seconds, "seconds per instance")
      ->capture_default_str();
  app.add_flag("--each", settings.prints_each, "print every instance too");
  CLI11_PARSE(app, argc, argv);
  if (settings.data.empty()) throw Error("no data: set ESPALIER_DATA or give --data");

  const auto published = read_published(fs::path(settings.data) / "mkp" / "best_known.csv");
  std::printf("%d thread(s), limit %g s per instance, answers checked against best_known.csv\n",
              settings.solve.threads, settings.solve.time_limit_seconds);
  std::printf("%-8s %7s %10s %10s %12s %12s %12s %7s\n", "class", "solved", "mean s", "max s",
              "mean nodes", "max nodes", "nodes/s", "best %");
  bool all_right = true;
  for (const std::string& name : settings.classes) {
    all_right = run_class(name, settings, published) && all_right;
  }
  return all_right ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_classes: %s\n", error.what());
    return 1;
  }
}
