// The one-row engine on Pisinger's three basic classes, n = 10^4 to 10^6, coefficients to 1000 and
// to 10^6, capacity half of the total weight.

#include <algorithm>
#include <cstdint>
#include <vector>

#include <benchmark/benchmark.h>

#include "espalier/support/random.hpp"

#include "one_row/one_row.hpp"

namespace {

enum Class { kUncorrelated, kWeaklyCorrelated, kStronglyCorrelated };

std::int64_t draw_profit(espalier::Random& random, Class kind, std::int64_t weight,
                         std::int64_t range) {
  if (kind == kUncorrelated) return random.integer(1, range);
  if (kind == kStronglyCorrelated) return weight + range / 10;
  return std::max<std::int64_t>(1, weight + random.integer(-range / 10, range / 10));
}

void solve_class(benchmark::State& state, Class kind) {
  const std::int64_t n = state.range(0);
  const std::int64_t range = state.range(1);
  espalier::Random random(1);
  std::vector<std::int64_t> profits;
  std::vector<std::int64_t> weights;
  std::int64_t total = 0;
  for (std::int64_t j = 0; j < n; ++j) {
    weights.push_back(random.integer(1, range));
    profits.push_back(draw_profit(random, kind, weights.back(), range));
    total += weights.back();
  }
  std::int64_t states = 0;
  for (auto _ : state) {
    const auto result = espalier::solver::solve_one_row(profits, weights, total / 2);
    if (!result.proven) state.SkipWithError("not proven");
    states = result.states;
  }
  state.counters["states"] = static_cast<double>(states);
}

void sizes(benchmark::internal::Benchmark* bench) {
  bench->ArgsProduct({{10'000, 100'000, 1'000'000}, {1'000, 1'000'000}})
      ->ArgNames({"n", "range"})
      ->Unit(benchmark::kMillisecond);
}

BENCHMARK_CAPTURE(solve_class, uncorrelated, kUncorrelated)->Apply(sizes);
BENCHMARK_CAPTURE(solve_class, weakly_correlated, kWeaklyCorrelated)->Apply(sizes);
BENCHMARK_CAPTURE(solve_class, strongly_correlated, kStronglyCorrelated)->Apply(sizes);

}  // namespace

BENCHMARK_MAIN();
