// Tabu search above a target: against exact solves, and its inner loop against plain sums.

#include "heuristics/tabu_search.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/solver/solve.hpp"

#include "hard_problem.hpp"
#include "heuristic_quality.hpp"
#include "heuristics/swap_scan.hpp"
#include "search/root.hpp"

namespace espalier::solver {
namespace {

/// Runs a search for about so many nanoseconds and verifies what it finds; the best objective.
std::int64_t search(const CoreProblem& core, std::uint64_t seed, double effort,
                    std::int64_t known) {
  const RootRelaxation root(core);
  TabuSearch tabu(core, root.reduced_costs(), seed);
  std::int64_t best = known;
  while (tabu.effort() < effort) {
    tabu.run(effort / 4.0, best, [&](std::span<const std::int32_t> items) {
      std::vector<std::int32_t> sorted(items.begin(), items.end());
      std::sort(sorted.begin(), sorted.end());
      CHECK(std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end());
      CHECK(core.is_feasible(sorted));
      CHECK(core.profit_of(sorted) > best);
      best = core.profit_of(sorted);
    });
  }
  return best;
}

TEST_CASE("tabu search gives feasible solutions, mostly the optimum", "[solver][property]") {
  tests::check_quality(
      41, [](const CoreProblem& core, std::uint64_t seed) { return search(core, seed, 2e6, 0); });
}

TEST_CASE("tabu search finds an improvement on what is known, or nothing", "[solver][property]") {
  Random random(42);
  int improved = 0;
  for (int round = 0; round < 40; ++round) {
    const Problem problem = tests::chu_beasley(20, 3, static_cast<std::uint64_t>(round));
    const Result exact = solve(problem, {});
    REQUIRE(exact.status == Status::kOptimal);
    const CoreProblem core = presolve(problem, false).core;
    CHECK(search(core, 1, 1e6, exact.objective) == exact.objective);
    const std::int64_t known = exact.objective - random.integer(1, 500);
    if (search(core, 1, 1e6, known) == exact.objective) ++improved;
  }
  CHECK(improved >= 36);
}

TEST_CASE("tabu search takes numbers near the limit and any number of rows", "[solver][property]") {
  Random random(43);
  int found = 0;
  for (int round = 0; round < 60; ++round) {
    CoreProblem core;
    core.num_items = static_cast<int>(random.integer(1, 25));
    core.num_rows = static_cast<int>(random.integer(1, 40));
    const auto items = static_cast<std::size_t>(core.num_items);
    const std::int64_t most = (std::int64_t{1} << 62) / 26;
    for (std::size_t j = 0; j < items; ++j) core.profits.push_back(random.integer(1, most));
    for (int i = 0; i < core.num_rows; ++i) {
      for (std::size_t j = 0; j < items; ++j) {
        core.weights.push_back(random.chance(0.2) ? 0 : random.integer(0, most));
      }
      core.capacities.push_back(most * std::max<std::int64_t>(core.num_items / 3, 1));
    }
    if (search(core, static_cast<std::uint64_t>(round), 2e5, 0) > 0) ++found;
  }
  CHECK(found >= 50);
}

/// What SwapScan::find returns, from its description.
std::int64_t find_plainly(const float* blocks, int rows, std::int64_t block, std::int64_t end,
                          const float* excess, float limit, float* sums, std::uint32_t* mask) {
  for (; block < end; ++block) {
    *mask = 0;
    for (int lane = 0; lane < kSwapLanes; ++lane) {
      sums[lane] = 0.0F;
      for (int row = 0; row < rows; ++row) {
        sums[lane] +=
            std::max(0.0F, excess[row] + blocks[(block * rows + row) * kSwapLanes + lane]);
      }
      if (sums[lane] <= limit) *mask |= 1U << lane;
    }
    if (*mask != 0) return block;
  }
  return end;
}

TEST_CASE("all instruction sets add up violations alike", "[solver]") {
  std::vector<const SwapScan*> scans = {&kSwapScanBaseline, &swap_scan()};
  Random random(44);
  constexpr int kBlocks = 40;
  int blocks_found = 0;
  for (const int rows : {1, 2, 7, 8, 9, 31}) {
    const std::size_t count = static_cast<std::size_t>(kBlocks * rows * kSwapLanes);
    auto values = make_aligned<float>(count);
    for (std::size_t k = 0; k < count; ++k) values[k] = static_cast<float>(random.uniform());
    std::vector<float> excess;
    for (int row = 0; row < rows; ++row) {
      excess.push_back(static_cast<float>(random.uniform() - 1.0));
    }
    const float limit = 0.06F * static_cast<float>(rows);
    for (const SwapScan* scan : scans) {
      auto sums = make_aligned<float>(kSwapLanes);
      for (std::int64_t at = 0; at < kBlocks; ++at) {
        std::uint32_t mask = 0;
        const std::int64_t block =
            scan->find(values.get(), rows, at, kBlocks, excess.data(), limit, sums.get(), &mask);
        std::uint32_t plain_mask = 0;
        float plain_sums[kSwapLanes];
        CHECK(block == find_plainly(values.get(), rows, at, kBlocks, excess.data(), limit,
                                    plain_sums, &plain_mask));
        at = block;
        if (block == kBlocks) break;
        CHECK(mask == plain_mask);
        for (int lane = 0; lane < kSwapLanes; ++lane) {
          CHECK(sums.get()[lane] == plain_sums[lane]);
        }
        ++blocks_found;
      }
    }
  }
  CHECK(blocks_found > 20);
}

TEST_CASE("tabu search depends on nothing but its seed", "[solver]") {
  const CoreProblem core = presolve(tests::chu_beasley(100, 10, 5), false).core;
  const RootRelaxation root(core);
  std::vector<std::vector<std::int32_t>> runs[2];
  for (auto& run : runs) {
    TabuSearch tabu(core, root.reduced_costs(), 7);
    for (int slice = 0; slice < 20; ++slice) {
      tabu.run(1e5, 0, [&run](std::span<const std::int32_t> items) {
        run.emplace_back(items.begin(), items.end());
      });
    }
  }
  CHECK(!runs[0].empty());
  CHECK(runs[0] == runs[1]);
}

}  // namespace
}  // namespace espalier::solver
