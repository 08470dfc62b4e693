// Trees large enough that threads share them and exchange what they learn about items.

#include <catch2/catch.hpp>

#include "espalier/solver/solve.hpp"

#include "hard_problem.hpp"
#include "search/common_pseudocosts.hpp"

namespace espalier::solver {
namespace {

TEST_CASE("the deterministic search has the same tree for any number of threads",
          "[solver][parallel]") {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const Problem problem = tests::chu_beasley(100, 5, seed);
    const Result alone = solve(problem, {.threads = 1, .deterministic = true});
    CAPTURE(seed, alone.statistics.nodes);
    REQUIRE(alone.status == Status::kOptimal);
    REQUIRE(alone.statistics.nodes > 1000);
    for (const int threads : {2, 3, 8}) {
      const Result result = solve(problem, {.threads = threads, .deterministic = true});
      CAPTURE(threads);
      CHECK(result.statistics.nodes == alone.statistics.nodes);
      CHECK(result.statistics.lp_iterations == alone.statistics.lp_iterations);
      CHECK(result.selected == alone.selected);
      CHECK(result.status == Status::kOptimal);
    }
  }
}

TEST_CASE("many threads prove the optimum that one proves", "[solver][parallel]") {
  for (const std::uint64_t seed : {4U, 5U, 6U}) {
    const Problem problem = tests::chu_beasley(100, 5, seed);
    const Result alone = solve(problem, {.threads = 1});
    for (const int threads : {2, 8}) {
      const Result result = solve(problem, {.threads = threads});
      CAPTURE(seed, threads, alone.statistics.nodes);
      CHECK(result.status == Status::kOptimal);
      CHECK(result.objective == alone.objective);
      CHECK(result.bound == alone.objective);
    }
  }
}

TEST_CASE("exchanged pseudo-costs are those of one worker that saw everything",
          "[solver][parallel]") {
  PseudoCosts common(2);
  PseudoCosts first(2);
  PseudoCosts second(2);
  PseudoCosts everything(2);
  const auto record = [&](PseudoCosts& worker, std::int32_t item, int value, double fall) {
    worker.record(item, value, fall, 0.5);
    everything.record(item, value, fall, 0.5);
  };
  const auto agrees = [&](const PseudoCosts& worker) {
    for (const std::int32_t item : {0, 1}) {
      for (const int value : {0, 1}) {
        CHECK(worker.count(item, value) == everything.count(item, value));
        if (everything.count(item, value) == 0.0) continue;
        CHECK(worker.average(item, value) == everything.average(item, value));
      }
    }
  };
  record(first, 0, 1, 3.0);
  first.exchange(common);
  record(first, 0, 1, 5.0);
  record(second, 0, 1, 1.0);
  record(second, 1, 0, 2.0);
  second.exchange(common);
  first.exchange(common);
  agrees(first);
  second.exchange(common);
  agrees(second);
  first.exchange(common);  // without news: nothing is counted twice
  agrees(first);
}

}  // namespace
}  // namespace espalier::solver
