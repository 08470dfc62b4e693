// Many solves at once in one process, and solves that are cancelled at any moment.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/solver/solve.hpp"
#include "espalier/support/random.hpp"

#include "brute_force.hpp"
#include "hard_problem.hpp"
#include "judge_result.hpp"
#include "random_options.hpp"
#include "twisted_problem.hpp"

namespace {

using namespace espalier;
using solver::Problem;
using solver::Status;

/// The first thing that went wrong on any thread; Catch2's assertions are for one thread only.
class FirstFailure {
 public:
  void note(std::string what) {
    const std::lock_guard lock(mutex_);
    if (what_.empty()) what_ = std::move(what);
  }
  const std::string& what() const { return what_; }

 private:
  std::mutex mutex_;
  std::string what_;
};

void solve_many(std::uint64_t first_seed, int count, FirstFailure& failure) {
  for (int k = 0; k < count; ++k) {
    const std::uint64_t seed = first_seed + static_cast<std::uint64_t>(k);
    Random random(seed);
    const int n = static_cast<int>(random.integer(1, 10));
    const Problem problem =
        tests::twisted_problem(random, n, static_cast<int>(random.integer(1, 4)));
    const auto options = tests::random_options(random);
    const auto best = tests::brute_force(problem);
    const std::string wrong =
        tests::judge_optimal(problem, solver::solve(problem, options),
                             best ? std::optional(best->objective) : std::nullopt);
    if (!wrong.empty()) failure.note("seed " + std::to_string(seed) + ": " + wrong);
  }
}

}  // namespace

TEST_CASE("solves on many threads at once do not disturb one another", "[soak]") {
  constexpr int kThreads = 8;
  constexpr int kSolves = 250;  // each
  FirstFailure failure;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([t, &failure] {
        solve_many(1'000'000U * static_cast<std::uint64_t>(t + 1), kSolves, failure);
      });
    }
  }
  CHECK(failure.what() == "");
}

TEST_CASE("a solve cancelled at any moment returns a feasible solution and a valid bound",
          "[soak]") {
  Random random(3);
  for (const Problem& problem : {tests::hard_tree(), tests::hard_row()}) {
    for (int trial = 0; trial < 12; ++trial) {
      std::stop_source stop;
      solver::SolveOptions options = tests::random_options(random);
      options.start.clear();
      options.stop = stop.get_token();
      options.time_limit_seconds = 5;  // in case nobody cancels
      const auto delay = std::chrono::microseconds(random.integer(0, trial * 4000));
      const std::jthread canceller([&stop, delay] {
        std::this_thread::sleep_for(delay);
        stop.request_stop();
      });
      const solver::Result result = solver::solve(problem, options);
      CAPTURE(problem.num_items(), trial, tests::to_text(options));
      REQUIRE(tests::judge_selection(problem, result) == "");
      CHECK(result.status == Status::kFeasible);
      CHECK(result.stop_reason == solver::StopReason::kInterrupt);
    }
  }
}

// How exactly the limit is kept is a matter of the machine's load: bench/README.md. Here it is only
// not forgotten.
TEST_CASE("every engine ends at its time limit", "[soak]") {
  for (const Problem& problem : {tests::hard_tree(), tests::hard_row()}) {
    for (const int threads : {1, 2}) {
      const solver::Result result =
          solver::solve(problem, {.threads = threads, .time_limit_seconds = 0.2});
      CAPTURE(problem.num_items(), threads, result.statistics.seconds);
      CHECK(result.stop_reason == solver::StopReason::kTimeLimit);
      CHECK(result.statistics.seconds < 3.0);
      CHECK(tests::judge_selection(problem, result) == "");
    }
  }
}
