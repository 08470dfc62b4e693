// Pairs of deviations: the lists and their join against enumeration, the search against exact
// solves, and in the middle of the tree search.

#include "search/pair_search.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/solver/solve.hpp"

#include "hard_problem.hpp"
#include "heuristic_quality.hpp"
#include "heuristics/pair_join.hpp"
#include "heuristics/pair_scan.hpp"

namespace espalier::solver {
namespace {

CoreProblem random_core(Random& random, int items, int rows) {
  CoreProblem core;
  core.num_items = items;
  core.num_rows = rows;
  for (int j = 0; j < items; ++j) core.profits.push_back(random.integer(1, 500));
  for (int i = 0; i < rows; ++i) {
    std::int64_t sum = 0;
    for (int j = 0; j < items; ++j) {
      core.weights.push_back(random.integer(0, 400));
      sum += core.weights.back();
    }
    core.capacities.push_back(std::max<std::int64_t>(sum / 3, 400));
  }
  return core;
}

/// Deviators for some of the items of one half, by rising price.
std::vector<Deviator> random_deviators(Random& random, const CoreProblem& core, int first,
                                       std::span<const double> duals) {
  std::vector<Deviator> deviators;
  for (std::int32_t j = first; j < core.num_items; j += 2) {
    double cost = static_cast<double>(core.profits[static_cast<std::size_t>(j)]);
    for (int i = 0; i < core.num_rows; ++i) {
      cost -= duals[static_cast<std::size_t>(i)] * static_cast<double>(core.weight(i, j));
    }
    deviators.push_back({j, cost > 0.0 ? -1 : 1, std::abs(cost), std::abs(cost)});
  }
  if (!deviators.empty() && random.chance(0.5)) deviators.front().cost = 0.0;
  std::sort(deviators.begin(), deviators.end(),
            [](const Deviator& a, const Deviator& b) { return a.price < b.price; });
  return deviators;
}

std::vector<std::int32_t> members(const DeviationList& list, std::size_t set) {
  std::vector<std::int32_t> items;
  for (; list[set].last >= 0; set = static_cast<std::size_t>(list[set].parent)) {
    items.push_back(list.deviator(list[set].last).item);
  }
  std::sort(items.begin(), items.end());
  return items;
}

TEST_CASE("a deviation list holds exactly the sets within the price", "[solver][property]") {
  Random random(31);
  for (int round = 0; round < 300; ++round) {
    const CoreProblem core = random_core(random, static_cast<int>(random.integer(1, 20)),
                                         static_cast<int>(random.integer(1, 4)));
    std::vector<double> duals;
    for (int i = 0; i < core.num_rows; ++i) duals.push_back(random.uniform());
    const auto deviators = random_deviators(random, core, 0, duals);
    const double limit = 600.0 * random.uniform();
    DeviationList list;
    list.enumerate(core, duals, deviators, limit, 1U << 20U);
    std::set<std::vector<std::int32_t>> listed;
    for (std::size_t k = 0; k < list.size(); ++k) {
      const auto items = members(list, k);
      CHECK(listed.insert(items).second);
      std::int64_t profit = 0;
      double price = 0.0;
      double key = 0.0;
      std::vector<std::int64_t> loads(static_cast<std::size_t>(core.num_rows), 0);
      for (const Deviator& deviator : deviators) {
        if (!std::binary_search(items.begin(), items.end(), deviator.item)) continue;
        profit += deviator.sign * core.profits[static_cast<std::size_t>(deviator.item)];
        price += deviator.price;
        for (int i = 0; i < core.num_rows; ++i) {
          loads[static_cast<std::size_t>(i)] += deviator.sign * core.weight(i, deviator.item);
          key += duals[static_cast<std::size_t>(i)] * deviator.sign *
                 static_cast<double>(core.weight(i, deviator.item));
        }
      }
      CHECK(list[k].profit == profit);
      CHECK(list[k].price == Approx(price).margin(1e-9));
      CHECK(list[k].price <= limit);
      CHECK(list[k].key == Approx(key).margin(1e-6));
      for (std::size_t i = 0; i < loads.size(); ++i) {
        CHECK(list.loads_of(k)[i] == static_cast<float>(loads[i]));
      }
    }
    std::size_t expected = 0;
    for (std::uint32_t mask = 0; mask < 1U << deviators.size(); ++mask) {
      double price = 0.0;
      for (std::size_t d = 0; d < deviators.size(); ++d) {
        if ((mask >> d & 1U) != 0) price += deviators[d].price;
      }
      if (price <= limit) ++expected;
    }
    CHECK(list.size() == expected);
  }
}

TEST_CASE("a join finds every pair that fits and reaches the objective", "[solver][property]") {
  Random random(32);
  std::size_t pairs_in_all = 0;
  for (int round = 0; round < 400; ++round) {
    const CoreProblem core = random_core(random, static_cast<int>(random.integer(2, 26)),
                                         static_cast<int>(random.integer(1, 12)));
    std::vector<double> duals;
    for (int i = 0; i < core.num_rows; ++i) {
      duals.push_back(random.chance(0.2) ? 0.0 : 2.0 * random.uniform() / core.num_rows);
    }
    const auto first_half = random_deviators(random, core, 0, duals);
    const auto second_half = random_deviators(random, core, 1, duals);
    // The Lagrangean point: everything of positive reduced cost; costs above are their sizes.
    PairGoal goal;
    goal.room = core.capacities;
    for (int i = 0; i < core.num_rows; ++i) {
      const auto row = static_cast<std::size_t>(i);
      goal.bound += duals[row] * static_cast<double>(core.capacities[row]);
    }
    for (const auto* half : {&first_half, &second_half}) {
      for (const Deviator& deviator : *half) {
        if (deviator.sign > 0) continue;
        goal.bound += deviator.price;
        goal.profit += core.profits[static_cast<std::size_t>(deviator.item)];
        for (int i = 0; i < core.num_rows; ++i) {
          goal.room[static_cast<std::size_t>(i)] -= core.weight(i, deviator.item);
        }
      }
    }
    for (std::size_t i = 0; i < goal.room.size(); ++i) {
      goal.key_room += duals[i] * static_cast<double>(goal.room[i]);
      if (i % 2 == 0) goal.part_room += duals[i] * static_cast<double>(goal.room[i]);
    }
    if (random.chance(0.5)) goal.count = random.integer(-2, 3);
    const std::int64_t threshold = static_cast<std::int64_t>(goal.bound - 800.0 * random.uniform());
    DeviationList first;
    DeviationList second;
    first.enumerate(core, duals, first_half, 1000.0 * random.uniform(), 2000);
    second.enumerate(core, duals, second_half, 1000.0 * random.uniform(), 2000);
    const auto fits = [&](std::size_t a, std::size_t b) {
      if (goal.count && first[a].count + second[b].count != *goal.count) return false;
      if (goal.profit + first[a].profit + second[b].profit < threshold) return false;
      for (std::size_t i = 0; i < goal.room.size(); ++i) {
        if (first.loads_of(a)[i] + second.loads_of(b)[i] > static_cast<float>(goal.room[i])) {
          return false;
        }
      }
      return true;
    };
    std::set<std::pair<std::size_t, std::size_t>> found;
    PairJoin join;
    join.run(
        core, goal, first, second, threshold,
        [&](std::size_t a, std::size_t b) {
          // Blocks reach into neighbouring groups: pairs come twice, or do not fit after all.
          if (fits(a, b)) found.insert({a, b});
          return threshold;
        },
        [] { return false; });
    std::set<std::pair<std::size_t, std::size_t>> expected;
    for (std::size_t a = 0; a < first.size(); ++a) {
      for (std::size_t b = 0; b < second.size(); ++b) {
        if (fits(a, b)) expected.insert({a, b});
      }
    }
    CAPTURE(round, first.size(), second.size());
    CHECK(found == expected);
    pairs_in_all += expected.size();
  }
  CHECK(pairs_in_all > 2000);
}

TEST_CASE("all instruction sets scan alike", "[solver]") {
  Random random(33);
  constexpr int kBlocks = 50;
  for (const int rows : {1, 2, 7, 31}) {
    const std::size_t count = static_cast<std::size_t>(kBlocks) * static_cast<std::size_t>(rows) *
                              static_cast<std::size_t>(kPairLanes);
    auto values = make_aligned<float>(count);
    for (std::size_t k = 0; k < count; ++k) values[k] = static_cast<float>(random.uniform());
    const std::vector<float> limits(static_cast<std::size_t>(rows),
                                    std::pow(0.01F, 1.0F / static_cast<float>(rows)));
    std::int64_t at = 0;
    while (at < kBlocks) {
      std::uint32_t mask = 0;
      std::uint32_t baseline_mask = 0;
      const std::int64_t next =
          pair_scan().find(values.get(), rows, at, kBlocks, limits.data(), &mask);
      CHECK(next ==
            kPairScanBaseline.find(values.get(), rows, at, kBlocks, limits.data(), &baseline_mask));
      CHECK(mask == baseline_mask);
      at = next + 1;
    }
  }
}

TEST_CASE("pairs give feasible solutions, mostly the optimum", "[solver][property]") {
  tests::check_quality(34, [](const CoreProblem& core, std::uint64_t seed) {
    const SolveOptions options;
    const GapRule gap;
    Limits limits(options);
    Incumbent incumbent(core, {});
    incumbent.offer({}, 'P');
    const LpModel model(core, seed % 2 == 0 && core.num_rows > 0);
    const RootRelaxation root(core);
    PairSearch search({model, options, gap, incumbent, limits, {}}, root, seed);
    for (int round = 0; round < 12; ++round) search.run();
    CHECK(core.profit_of(incumbent.items()) == incumbent.value());
    return incumbent.value();
  });
}

TEST_CASE("trees of some size are searched by pairs, the same for any number of threads",
          "[solver][parallel]") {
  const Problem problem = tests::chu_beasley(250, 5, 9);
  const Result plain = solve(problem, {.heuristics = false, .optimistic_targets = false});
  REQUIRE(plain.status == Status::kOptimal);
  Result alone;
  for (const int threads : {1, 2}) {
    const Result parallel = solve(problem, {.threads = threads});
    CHECK(parallel.status == Status::kOptimal);
    CHECK(parallel.objective == plain.objective);
    const Result result = solve(problem, {.threads = threads, .deterministic = true});
    CHECK(result.objective == plain.objective);
    if (threads == 1) {
      alone = result;
    } else {
      CHECK(alone.selected == result.selected);
      CHECK(alone.statistics.nodes == result.statistics.nodes);
    }
  }
}

}  // namespace
}  // namespace espalier::solver
