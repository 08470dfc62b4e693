// The hot loops of the tree search on generated problems of the Chu-Beasley kind: pricing, the look
// one pivot ahead, a node with its pivots, separation of covers.

#include <algorithm>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include <benchmark/benchmark.h>

#include "espalier/support/random.hpp"

#include "cuts/cover.hpp"
#include "lp/node_relaxation.hpp"
#include "search/root.hpp"

namespace {

using namespace espalier::solver;

/// Weights to 1000, profits the mean weight of the item and up to 500 more, capacities half of the
/// total weight.
CoreProblem generate(int rows, int items) {
  espalier::Random random(1);
  CoreProblem core;
  core.num_rows = rows;
  core.num_items = items;
  for (int k = 0; k < rows * items; ++k) core.weights.push_back(random.integer(1, 1000));
  for (int j = 0; j < items; ++j) {
    std::int64_t total = 0;
    for (int i = 0; i < rows; ++i) {
      total += core.weights[static_cast<std::size_t>(i * items + j)];
    }
    core.profits.push_back(total / rows + random.integer(0, 500));
  }
  for (int i = 0; i < rows; ++i) {
    const auto begin = core.weights.begin() + std::ptrdiff_t{i} * items;
    core.capacities.push_back(std::accumulate(begin, begin + items, std::int64_t{0}) / 2);
  }
  return core;
}

/// The root of a generated problem, solved.
struct SolvedRoot {
  explicit SolvedRoot(const benchmark::State& state)
      : core(generate(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)))),
        model(core, false),
        relaxation(model) {
    std::vector<std::int32_t> items(static_cast<std::size_t>(core.num_items));
    std::iota(items.begin(), items.end(), 0);
    relaxation.start(items, {}, 0, arena);
    relaxation.reoptimize(-std::numeric_limits<double>::infinity());
    relaxation.bound_is_below(0, {});
    relaxation.save(node, arena);
  }

  /// A row whose basic variable is a fractional item.
  int fractional_row() const {
    for (int row = 0; row < relaxation.num_rows(); ++row) {
      const double value = relaxation.basic_value(row);
      if (relaxation.basic_column(row) >= 0 && value > 0.01 && value < 0.99) return row;
    }
    return 0;
  }

  CoreProblem core;
  LpModel model;
  StackArena arena;
  NodeRelaxation relaxation;
  SavedNode node;
};

/// Reduced costs and rigorous bound of a node, from its duals.
void pricing(benchmark::State& state) {
  SolvedRoot root(state);
  for (auto _ : state) benchmark::DoNotOptimize(root.relaxation.bound_is_below(0, {}));
}

/// Ratio test of a child without its pivot.
void dual_penalty(benchmark::State& state) {
  SolvedRoot root(state);
  const int row = root.fractional_row();
  for (auto _ : state) benchmark::DoNotOptimize(root.relaxation.dual_penalty(row, 0));
}

/// A child: taking up the parent, branching, all pivots, the bound.
void node(benchmark::State& state) {
  SolvedRoot root(state);
  const int row = root.fractional_row();
  const std::int64_t before = root.relaxation.iterations();
  for (auto _ : state) {
    root.relaxation.load(root.node);
    root.relaxation.branch(row, 0);
    benchmark::DoNotOptimize(root.relaxation.reoptimize(-std::numeric_limits<double>::infinity()));
    benchmark::DoNotOptimize(root.relaxation.bound_is_below(0, {}));
  }
  const auto pivots = static_cast<double>(root.relaxation.iterations() - before);
  state.counters["pivots"] = pivots / static_cast<double>(state.iterations());
  state.counters["seconds/pivot"] =
      benchmark::Counter(pivots, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

/// A lifted cover of the first row at the root's point.
void separation(benchmark::State& state) {
  const CoreProblem core =
      generate(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
  const RootRelaxation root(core);
  const std::vector<double> point = root.point();
  for (auto _ : state) {
    benchmark::DoNotOptimize(separate_lifted_cover(core.row(0), core.capacities[0], point));
  }
}

void sizes(benchmark::internal::Benchmark* bench) {
  bench->ArgsProduct({{5, 10, 30}, {100, 500}})->ArgNames({"rows", "items"});
}

BENCHMARK(pricing)->Apply(sizes);
BENCHMARK(dual_penalty)->Apply(sizes);
BENCHMARK(node)->Apply(sizes);
BENCHMARK(separation)->Apply(sizes);

}  // namespace

BENCHMARK_MAIN();
