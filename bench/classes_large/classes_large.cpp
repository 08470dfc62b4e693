// Times the solver on generated problems of item classes: several sizes, class counts, profit
// distributions and budgets, beside one plain pass over the profits.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <numeric>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <sys/resource.h>

#include "espalier/solver/classes.hpp"
#include "espalier/solver/solve.hpp"
#include "espalier/support/error.hpp"
#include "espalier/support/random.hpp"

namespace {

using namespace espalier::solver;
using espalier::Random;

struct Settings {
  std::vector<std::int64_t> items = {100'000, 1'000'000};
  std::vector<std::string> profits = {"normal", "heavy", "nearly-equal", "ties"};
  std::vector<std::string> shapes = {"2x12", "3x40", "4x200"};
  std::vector<double> budgets = {0.05, 0.4, 0.95};
  int repeats = 3;
  int threads = 1;
  bool compares_plain = false;
};

double draw(Random& random, const std::string& kind) {
  if (kind == "normal") return std::abs(random.normal());
  if (kind == "heavy") return std::pow(1.0 - random.uniform(), -0.8);
  if (kind == "nearly-equal") return 1.0 + 1e-6 * random.normal();
  if (kind == "ties") return static_cast<double>(random.integer(1, 16)) / 16.0;
  throw espalier::Error("unknown profits '" + kind +
                        "'; expected normal, heavy, nearly-equal or ties");
}

/// Classes of random weights from 0 to 8 and of a scale each, as the layers of a network are.
std::vector<ItemClass> make_classes(Random& random, std::int64_t items, int rows, int classes,
                                    const std::string& kind) {
  std::vector<ItemClass> all(static_cast<std::size_t>(classes));
  std::int64_t left = items;
  for (std::size_t c = 0; c < all.size(); ++c) {
    const auto remaining = static_cast<double>(all.size() - c);
    const double share = c + 1 == all.size() ? 1.0 : (0.2 + 1.6 * random.uniform()) / remaining;
    const auto size = std::min(left, static_cast<std::int64_t>(share * static_cast<double>(left)));
    left -= size;
    for (int i = 0; i < rows; ++i) all[c].weights.push_back(random.integer(0, 8));
    const double scale = std::exp2(30.0) * (0.25 + random.uniform());
    all[c].profits.reserve(static_cast<std::size_t>(size));
    for (std::int64_t j = 0; j < size; ++j) {
      all[c].profits.push_back(
          static_cast<std::int64_t>(scale * std::min(1e4, draw(random, kind))));
    }
  }
  return all;
}

std::vector<std::int64_t> make_capacities(const std::vector<ItemClass>& classes, double budget) {
  std::vector<std::int64_t> capacities(classes.front().weights.size(), 0);
  for (const ItemClass& klass : classes) {
    for (std::size_t i = 0; i < capacities.size(); ++i) {
      capacities[i] += klass.weights[i] * static_cast<std::int64_t>(klass.profits.size());
    }
  }
  for (auto& b : capacities) b = static_cast<std::int64_t>(budget * static_cast<double>(b));
  return capacities;
}

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Processor time of the whole process, in seconds.
double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Seconds of the least of `repeats` sums over all profits.
double plain_pass(const ClassedProblem& problem, int repeats) {
  double best = 1e9;
  volatile std::int64_t sink = 0;
  for (int k = 0; k < repeats; ++k) {
    const double start = now();
    std::int64_t sum = 0;
    for (const ItemClass& klass : problem.classes()) {
      sum = std::accumulate(klass.profits.begin(), klass.profits.end(), sum);
    }
    sink = sink + sum;
    best = std::min(best, now() - start);
  }
  return best;
}

struct Timing {
  double wall = 1e9, processor = 1e9, warm = 1e9;
  ClassedResult result;
};

Timing time_solves(const ClassedProblem& problem, const Settings& settings) {
  Timing timing;
  for (int k = 0; k < settings.repeats; ++k) {
    const double wall = now();
    const double processor = processor_seconds();
    timing.result = solve_classed(problem, {.threads = settings.threads});
    timing.wall = std::min(timing.wall, now() - wall);
    timing.processor = std::min(timing.processor, processor_seconds() - processor);
  }
  for (int k = 0; k < settings.repeats; ++k) {
    const double wall = now();
    const ClassedResult warm =
        solve_classed(problem, {.threads = settings.threads}, timing.result.next);
    timing.warm = std::min(timing.warm, now() - wall);
    if (warm.objective != timing.result.objective) throw espalier::Error("warm start differs");
  }
  return timing;
}

void run_one(std::int64_t items, const std::string& shape, const std::string& kind,
             const Settings& settings) {
  const int rows = std::stoi(shape);
  const int classes = std::stoi(shape.substr(shape.find('x') + 1));
  Random random(static_cast<std::uint64_t>(items) + static_cast<std::uint64_t>(classes));
  auto all = make_classes(random, items, rows, classes, kind);
  auto capacities = make_capacities(all, 1.0);
  const auto full = capacities;
  ClassedProblem problem(std::move(all), std::move(capacities));
  const double pass = plain_pass(problem, 2 * settings.repeats);
  for (const double budget : settings.budgets) {
    auto scaled = full;
    for (auto& b : scaled) b = static_cast<std::int64_t>(budget * static_cast<double>(b));
    problem.set_capacities(std::move(scaled));
    const Timing timing = time_solves(problem, settings);
    const ClassedStatistics& statistics = timing.result.statistics;
    std::printf("%9lld %6s %-13s %5.2f %9.2f %9.2f %7.1f %9.2f %7lld %7lld %9lld %4lld %7lld\n",
                static_cast<long long>(items), shape.c_str(), kind.c_str(), budget,
                1e3 * timing.wall, 1e3 * timing.processor, timing.wall / pass, 1e3 * timing.warm,
                static_cast<long long>(statistics.window_items),
                static_cast<long long>(statistics.pivots),
                static_cast<long long>(statistics.count_vectors),
                static_cast<long long>(statistics.widenings),
                static_cast<long long>(statistics.general_items));
    std::fflush(stdout);
  }
}

/// The problem item by item, with the items of all classes mixed.
Problem make_plain(Random& random, const ClassedProblem& problem) {
  std::vector<std::size_t> class_of;
  std::vector<std::int64_t> profits;
  for (std::size_t c = 0; c < problem.classes().size(); ++c) {
    const auto& own = problem.classes()[c].profits;
    class_of.insert(class_of.end(), own.size(), c);
    profits.insert(profits.end(), own.begin(), own.end());
  }
  for (std::size_t k = class_of.size(); k > 1; --k) {
    const auto other =
        static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(k) - 1));
    std::swap(class_of[k - 1], class_of[other]);
    std::swap(profits[k - 1], profits[other]);
  }
  std::vector<std::int64_t> weights;
  for (std::size_t i = 0; i < problem.capacities().size(); ++i) {
    for (const std::size_t c : class_of) weights.push_back(problem.classes()[c].weights[i]);
  }
  return {std::move(profits),
          std::move(weights),
          {problem.capacities().begin(), problem.capacities().end()}};
}

/// Seconds of solve() with and without classes; the latter within a minute.
void compare_plain(std::int64_t items, const std::string& shape, const std::string& kind,
                   const Settings& settings) {
  const int rows = std::stoi(shape);
  const int classes = std::stoi(shape.substr(shape.find('x') + 1));
  for (const double budget : settings.budgets) {
    Random random(static_cast<std::uint64_t>(items) + static_cast<std::uint64_t>(classes));
    auto all = make_classes(random, items, rows, classes, kind);
    auto capacities = make_capacities(all, budget);
    const Problem plain = make_plain(random, ClassedProblem(std::move(all), std::move(capacities)));
    double with = 1e9;
    double without = 1e9;
    Result last;
    for (int k = 0; k < settings.repeats; ++k) {
      const Result grouped = solve(plain, {.threads = settings.threads});
      with = std::min(with, grouped.statistics.seconds);
      last = solve(plain,
                   {.threads = settings.threads, .time_limit_seconds = 5.0, .item_classes = false});
      without = std::min(without, last.statistics.seconds);
      if (last.objective > grouped.objective || last.bound < grouped.objective) {
        throw espalier::Error("the answers differ");
      }
    }
    std::printf("%9lld %6s %-13s %5.2f %12.3f %12.3f%s %9.1f\n", static_cast<long long>(items),
                shape.c_str(), kind.c_str(), budget, 1e3 * with, 1e3 * without,
                last.status == Status::kOptimal ? " " : "+", without / with);
    std::fflush(stdout);
  }
}

int run(int argc, char** argv) {
  Settings settings;
  CLI::App app("Milliseconds of the solver on problems of item classes", "bench_classes_large");
  app.add_option("--items", settings.items, "numbers of items")->capture_default_str();
  app.add_option("--profits", settings.profits, "normal, heavy, nearly-equal, ties")
      ->capture_default_str();
  app.add_option("--shapes", settings.shapes, "rows x classes")->capture_default_str();
  app.add_option("--budgets", settings.budgets, "capacities as a part of the row sums")
      ->capture_default_str();
  app.add_option("--repeats", settings.repeats, "the least time of so many counts")
      ->capture_default_str();
  app.add_option("--threads", settings.threads, "threads of each solve")->capture_default_str();
  app.add_flag("--plain", settings.compares_plain,
               "time solve() on the plain form with and without classes (+: stopped after 5 s)");
  CLI11_PARSE(app, argc, argv);
  if (settings.compares_plain) {
    std::printf("%9s %6s %-13s %5s %12s %13s %9s\n", "items", "shape", "profits", "part",
                "classes ms", "general ms", "ratio");
    for (const std::int64_t items : settings.items) {
      for (const std::string& shape : settings.shapes) {
        for (const std::string& kind : settings.profits) {
          compare_plain(items, shape, kind, settings);
        }
      }
    }
    return 0;
  }
  std::printf("%d thread(s), least of %d; passes: time as a multiple of one sum over the profits\n",
              settings.threads, settings.repeats);
  std::printf("%9s %6s %-13s %5s %9s %9s %7s %9s %7s %7s %9s %4s %7s\n", "items", "shape",
              "profits", "part", "wall ms", "cpu ms", "passes", "warm ms", "sorted", "pivots",
              "vectors", "wide", "general");
  for (const std::int64_t items : settings.items) {
    for (const std::string& shape : settings.shapes) {
      for (const std::string& kind : settings.profits) run_one(items, shape, kind, settings);
    }
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_classes_large: %s\n", error.what());
    return 1;
  }
}
