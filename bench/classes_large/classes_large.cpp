// Times the solver on generated problems of item classes: several sizes, class counts, profit
// distributions and budgets, beside one plain pass over the profits; frontiers; re-solves; the
// reading of files; and the plain form with and without classes.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "espalier/solver/frontier.hpp"
#include "espalier/solver/instance_io.hpp"
#include "espalier/solver/profit_solver.hpp"
#include "espalier/solver/solve.hpp"
#include "espalier/support/error.hpp"

#include "instances.hpp"
#include "timing.hpp"

namespace {

using namespace espalier::bench;
using namespace espalier::solver;
using espalier::Random;

struct Settings {
  std::string what = "solve";
  std::vector<std::int64_t> items = {100'000, 1'000'000};
  std::vector<std::string> profits = {"normal", "heavy", "nearly-equal", "ties"};
  std::vector<std::string> shapes = {"1x12", "2x12", "3x40", "4x200"};
  std::vector<double> budgets = {0.05, 0.4, 0.95};
  int repeats = 3;
  int threads = 1;
  int points = 100;
};

Random random_for(const Shape& shape) {
  return Random(static_cast<std::uint64_t>(shape.items) +
                static_cast<std::uint64_t>(shape.classes));
}

/// Seconds of the least of `repeats` sums over all profits.
double plain_pass(const ClassedProblem& problem, int repeats) {
  LeastTime time;
  volatile std::int64_t sink = 0;
  for (int k = 0; k < repeats; ++k) {
    sink = sink + time.measure([&] {
      std::int64_t sum = 0;
      for (const ItemClass& klass : problem.classes()) {
        sum = std::accumulate(klass.profits.begin(), klass.profits.end(), sum);
      }
      return sum;
    });
  }
  return time.wall;
}

void print_name(const Shape& shape) {
  std::printf("%9lld %dx%-4d %-13s", static_cast<long long>(shape.items), shape.rows, shape.classes,
              shape.profits.c_str());
}

/// One line per budget: a solve beside one pass over the profits.
void time_solves(const Shape& shape, const Settings& settings) {
  Random random = random_for(shape);
  auto classes = make_classes(random, shape);
  const auto full = make_capacities(classes, 1.0);
  ClassedProblem problem(std::move(classes), full);
  const double pass = plain_pass(problem, 2 * settings.repeats);
  for (const double budget : settings.budgets) {
    auto capacities = full;
    for (auto& b : capacities) b = static_cast<std::int64_t>(budget * static_cast<double>(b));
    problem.set_capacities(std::move(capacities));
    LeastTime time;
    ClassedStatistics statistics;
    for (int k = 0; k < settings.repeats; ++k) {
      const auto result =
          time.measure([&] { return solve_classed(problem, {.threads = settings.threads}); });
      if (result.status != Status::kOptimal) throw espalier::Error("not solved");
      statistics = result.statistics;
    }
    print_name(shape);
    std::printf(
        " %5.2f %9.2f %9.2f %7.1f %7lld %7lld %9lld %4lld %7lld\n", budget, 1e3 * time.wall,
        1e3 * time.processor, time.wall / pass, static_cast<long long>(statistics.window_items),
        static_cast<long long>(statistics.pivots), static_cast<long long>(statistics.count_vectors),
        static_cast<long long>(statistics.widenings),
        static_cast<long long>(statistics.general_items));
    std::fflush(stdout);
  }
}

/// A frontier from 5 to 95 % beside the mean of solves at some of its points.
void time_frontier(const Shape& shape, const Settings& settings) {
  Random random = random_for(shape);
  auto classes = make_classes(random, shape);
  const auto full = make_capacities(classes, 1.0);
  ClassedProblem problem(std::move(classes), full);
  std::vector<int> rows(full.size());
  std::iota(rows.begin(), rows.end(), 0);
  std::vector<std::vector<std::int64_t>> steps;
  for (const std::int64_t b : full) {
    steps.push_back(budget_steps(b / 20, b - b / 20, settings.points));
  }
  const auto budgets = budget_line(full, rows, steps);
  LeastTime frontier;
  std::vector<FrontierPoint> points;
  constexpr std::size_t kSolves = 10;
  std::vector<LeastTime> solves(kSolves);
  for (int k = 0; k < settings.repeats; ++k) {
    points = frontier.measure(
        [&] { return trace_frontier(problem, budgets, {.threads = settings.threads}); });
    for (std::size_t s = 0; s < kSolves; ++s) {
      const FrontierPoint& point = points[s * (points.size() - 1) / (kSolves - 1)];
      problem.set_capacities(point.capacities);
      const auto alone =
          solves[s].measure([&] { return solve_classed(problem, {.threads = settings.threads}); });
      if (point.status != Status::kOptimal || point.objective != alone.objective) {
        throw espalier::Error("a point differs from its solve");
      }
    }
  }
  LeastTime one;
  one.wall = one.processor = 0.0;
  for (const LeastTime& time : solves) {
    one.wall += time.wall / kSolves;
    one.processor += time.processor / kSolves;
  }
  print_name(shape);
  std::printf(" %6zu %9.2f %9.2f %7.1f %9.2f %9.2f %7.1f\n", points.size(), 1e3 * one.wall,
              1e3 * frontier.wall, frontier.wall / one.wall, 1e3 * one.processor,
              1e3 * frontier.processor, frontier.processor / one.processor);
  std::fflush(stdout);
}

/// A cold solve and a solve of the same problem by a ProfitSolver that has solved the one before.
struct ResolveTimes {
  LeastTime cold;
  LeastTime warm;

  /// `change` makes the changes to the classes and tells the solver of them; only telling counts.
  template <typename Change>
  void measure(std::vector<ItemClass>& classes, ProfitSolver& solver, const Settings& settings,
               Change change) {
    const std::function<void()> tell = change(classes, solver);
    const auto& again = warm.measure([&] {
      tell();
      return solver.solve({.threads = settings.threads}).objective;
    });
    const auto capacities = solver.problem().capacities();
    const ClassedProblem problem(classes, {capacities.begin(), capacities.end()});
    const auto anew =
        cold.measure([&] { return solve_classed(problem, {.threads = settings.threads}); });
    if (anew.objective != again) throw espalier::Error("the answers differ");
  }

  void print() const {
    std::printf(" %8.2f %8.2f %6.2f", 1e3 * cold.processor, 1e3 * warm.processor,
                cold.processor / warm.processor);
  }
};

/// All profits by the factor that `draw` yields.
template <typename Draw>
auto change_all(std::vector<ItemClass>& classes, ProfitSolver& solver, Draw draw) {
  auto profits = std::make_shared<std::vector<std::vector<std::int64_t>>>();
  for (ItemClass& klass : classes) {
    for (auto& p : klass.profits) p = std::llround(static_cast<double>(p) * draw());
    profits->push_back(klass.profits);
  }
  return [profits, &solver] {
    for (std::size_t c = 0; c < profits->size(); ++c) {
      (*profits)[c] = solver.set_profits(c, std::move((*profits)[c]));
    }
  };
}

/// One profit in `one_in`, by about 1 %.
auto change_some(std::vector<ItemClass>& classes, ProfitSolver& solver, Random& random,
                 int one_in) {
  std::vector<std::vector<ProfitChange>> changes(classes.size());
  for (std::size_t c = 0; c < classes.size(); ++c) {
    auto& profits = classes[c].profits;
    for (std::size_t j = 0; j < profits.size(); ++j) {
      if (random.integer(1, one_in) > 1) continue;
      profits[j] = std::llround(static_cast<double>(profits[j]) * (1.0 + 0.01 * random.normal()));
      changes[c].push_back({static_cast<std::int32_t>(j), profits[j]});
    }
  }
  return [changes = std::move(changes), &solver] {
    for (std::size_t c = 0; c < changes.size(); ++c) solver.change_profits(c, changes[c]);
  };
}

/// Re-solves by a ProfitSolver, each beside a cold solve of the same problem: every profit changed
/// by about 1 % and the budgets by 2 %, as from one iteration of pruning to the next; one profit in
/// 33 and one in 1000 changed by 1 %; and every profit changed beyond recognition. `build` is what
/// it costs to make a ClassedProblem of new profits, which a cold solve needs besides.
void time_resolves(const Shape& shape, const Settings& settings) {
  for (const double budget : settings.budgets) {
    Random random = random_for(shape);
    auto classes = make_classes(random, shape);
    ProfitSolver solver(ClassedProblem(classes, make_capacities(classes, budget)));
    solver.solve({.threads = settings.threads});
    LeastTime build;
    ResolveTimes all;
    ResolveTimes some;
    ResolveTimes few;
    ResolveTimes other;
    for (int k = 0; k < settings.repeats; ++k) {
      auto copy = classes;
      build.measure([&] { return ClassedProblem(std::move(copy), make_capacities(classes, 1.0)); });
      const double part = k % 2 == 0 ? 0.98 : 1.0;
      all.measure(classes, solver, settings, [&](auto& of, auto& by) -> std::function<void()> {
        auto tell = change_all(of, by, [&] { return 1.0 + 0.01 * random.normal(); });
        return [&by, tell, capacities = make_capacities(of, part * budget)] {
          tell();
          by.set_capacities(capacities);
        };
      });
      some.measure(classes, solver, settings, [&](auto& of, auto& by) -> std::function<void()> {
        return change_some(of, by, random, 33);
      });
      few.measure(classes, solver, settings, [&](auto& of, auto& by) -> std::function<void()> {
        return change_some(of, by, random, 1000);
      });
    }
    for (int k = 0; k < settings.repeats; ++k) {
      auto before = classes;
      other.measure(classes, solver, settings, [&](auto& of, auto& by) -> std::function<void()> {
        return change_all(of, by, [&] { return 0.2 + 1.6 * random.uniform(); });
      });
      classes = std::move(before);
    }
    print_name(shape);
    std::printf(" %5.2f %8.2f", budget, 1e3 * build.processor);
    all.print();
    some.print();
    few.print();
    other.print();
    std::printf("\n");
    std::fflush(stdout);
  }
}

/// Solves under budgets that fall by 2 % from one to the next, cold and by a BudgetSolver, whose
/// construction is shown apart.
void time_changed_budgets(const Shape& shape, const Settings& settings) {
  constexpr int kSteps = 10;
  for (const double budget : settings.budgets) {
    Random random = random_for(shape);
    auto classes = make_classes(random, shape);
    const auto first = make_capacities(classes, budget);
    ClassedProblem problem(std::move(classes), first);
    LeastTime construction;
    LeastTime cold;
    LeastTime warm;
    for (int k = 0; k < settings.repeats; ++k) {
      BudgetSolver solver =
          construction.measure([&] { return BudgetSolver(problem, settings.threads); });
      solver.solve(first);
      for (int step = 1; step <= kSteps; ++step) {
        auto capacities = first;
        for (auto& b : capacities) b -= b / 50 * step;
        problem.set_capacities(capacities);
        const auto anew =
            cold.measure([&] { return solve_classed(problem, {.threads = settings.threads}); });
        const auto again = warm.measure([&] { return solver.solve(capacities); });
        if (anew.objective != again.objective) throw espalier::Error("the warm start differs");
      }
    }
    print_name(shape);
    std::printf(" %5.2f %9.2f %9.3f %9.3f %7.1f\n", budget, 1e3 * construction.processor,
                1e3 * cold.processor, 1e3 * warm.processor, cold.processor / warm.processor);
    std::fflush(stdout);
  }
}

/// Seconds of solve() with and without classes; the latter within five seconds.
void compare_plain(const Shape& shape, const Settings& settings) {
  for (const double budget : settings.budgets) {
    Random random = random_for(shape);
    auto classes = make_classes(random, shape);
    auto capacities = make_capacities(classes, budget);
    const Problem plain =
        make_plain(random, ClassedProblem(std::move(classes), std::move(capacities)));
    LeastTime with;
    LeastTime without;
    Result last;
    for (int k = 0; k < settings.repeats; ++k) {
      const Result grouped =
          with.measure([&] { return solve(plain, {.threads = settings.threads}); });
      last = without.measure([&] {
        return solve(
            plain, {.threads = settings.threads, .time_limit_seconds = 5.0, .item_classes = false});
      });
      if (last.objective > grouped.objective || last.bound < grouped.objective) {
        throw espalier::Error("the answers differ");
      }
    }
    print_name(shape);
    std::printf(" %5.2f %12.3f %12.3f%s %9.1f\n", budget, 1e3 * with.wall, 1e3 * without.wall,
                last.status == Status::kOptimal ? " " : "+", without.wall / with.wall);
    std::fflush(stdout);
  }
}

/// Writes the problem as an OR-Library, an OPB, a CPLEX-LP and an MPS file and times the reader.
void time_reading(const Shape& shape, const Settings& settings) {
  Random random = random_for(shape);
  auto classes = make_classes(random, shape);
  auto capacities = make_capacities(classes, 0.4);
  const Problem plain =
      make_plain(random, ClassedProblem(std::move(classes), std::move(capacities)));
  const auto folder = std::filesystem::temp_directory_path();
  for (const std::string format : {"dat", "opb", "lp", "mps"}) {
    const auto file = folder / ("bench_classes_large_" + std::to_string(getpid()) + "." + format);
    write_problem(plain, format, file);
    LeastTime time;
    for (int k = 0; k < settings.repeats; ++k) {
      const auto instances = time.measure([&] { return read_instances(file); });
      if (instances.front().problem.num_items() != plain.num_items()) {
        throw espalier::Error("the file was read wrongly");
      }
    }
    print_name(shape);
    std::printf(" %4s %9.1f %9.1f %9.1f\n", format.c_str(),
                static_cast<double>(std::filesystem::file_size(file)) / 1e6, 1e3 * time.wall,
                1e3 * time.processor);
    std::filesystem::remove(file);
    std::fflush(stdout);
  }
}

/// What can be measured: the head of its table, and one instance of it.
struct Measurement {
  const char* name;
  const char* head;
  void (*run)(const Shape&, const Settings&);
};

constexpr Measurement kMeasurements[] = {
    {"solve", "  part   wall ms    cpu ms  passes  sorted  pivots   vectors wide general",
     time_solves},
    {"frontier", " points  solve ms  front ms   ratio solve cpu front cpu   ratio", time_frontier},
    {"resolve",
     "  part    build | all: cold, warm, ratio | one in 33              | one in 1000            | "
     "all others",
     time_resolves},
    {"budgets", "  part  sort cpu  cold cpu  warm cpu   ratio", time_changed_budgets},
    {"plain", "  part   classes ms   general ms      ratio", compare_plain},
    {"read", " file        MB   wall ms    cpu ms", time_reading}};

int run(int argc, char** argv) {
  Settings settings;
  CLI::App app("Milliseconds of the solver on problems of item classes", "bench_classes_large");
  app.add_option("what", settings.what,
                 "solve (passes: as a multiple of one sum over the profits), frontier, resolve "
                 "(changed profits), budgets (changed budgets), plain (with and without classes; "
                 "+: stopped after 5 s), read")
      ->capture_default_str();
  app.add_option("--items", settings.items, "numbers of items")->capture_default_str();
  app.add_option("--profits", settings.profits, "normal, heavy, nearly-equal, ties")
      ->capture_default_str();
  app.add_option("--shapes", settings.shapes, "rows x classes")->capture_default_str();
  app.add_option("--budgets", settings.budgets, "capacities as a part of the row sums")
      ->capture_default_str();
  app.add_option("--repeats", settings.repeats, "the least time of so many counts")
      ->capture_default_str();
  app.add_option("--threads", settings.threads, "threads of each solve")->capture_default_str();
  app.add_option("--points", settings.points, "budgets of a frontier")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const auto* measurement =
      std::find_if(std::begin(kMeasurements), std::end(kMeasurements),
                   [&](const Measurement& m) { return settings.what == m.name; });
  if (measurement == std::end(kMeasurements)) {
    throw espalier::Error("unknown measurement '" + settings.what +
                          "'; expected solve, frontier, resolve, budgets, plain or read");
  }
  std::printf("%d thread(s), least of %d\n", settings.threads, settings.repeats);
  std::printf("%9s %-6s %-13s%s\n", "items", "shape", "profits", measurement->head);
  for (const std::int64_t items : settings.items) {
    for (const std::string& shape : settings.shapes) {
      for (const std::string& profits : settings.profits) {
        measurement->run(shape_of(shape, items, profits), settings);
      }
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
