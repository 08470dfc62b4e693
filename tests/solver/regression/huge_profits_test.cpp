// Objectives above 2^62, where bounds used to be clamped, "one better" used to overflow and the
// steps of the optimistic targets used to end.

#include <cstdint>
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/solver/solve.hpp"

#include "judge_result.hpp"
#include "random_options.hpp"

using namespace espalier;

namespace {

/// With all techniques on and off.
void require_optimum(const solver::Problem& problem, std::int64_t optimum) {
  Random random(1);
  for (int trial = 0; trial < 100; ++trial) {
    const solver::SolveOptions options = tests::random_options(random);
    CAPTURE(tests::to_text(options));
    const solver::Result result = solver::solve(problem, options);
    REQUIRE(tests::judge_optimal(problem, result, optimum) == "");
  }
}

}  // namespace

TEST_CASE("an objective above 2^62 is not called optimal while a better one is left",
          "[solve][regression]") {
  const std::int64_t huge = 4837277056888665804;
  require_optimum({{2, 1, huge}, {4, 4, 21}, {28}}, huge + 2);
}

TEST_CASE("a bound 2^60 above the best solution is closed", "[solve][regression]") {
  const std::int64_t huge = 3'000'000'000'000'000'000;
  require_optimum({{huge, huge, huge}, {2, 2, 2, 2, 2, 2}, {3, 3}}, huge);
}

TEST_CASE("profits may sum to 2^63 - 1", "[solve][regression]") {
  require_optimum({{INT64_MAX}, {1}, {1}}, INT64_MAX);
  require_optimum({{INT64_MAX - 1, 1}, {1, 1}, {1}}, INT64_MAX - 1);
  require_optimum({{INT64_MAX - 1, 1}, {1, 1, 1, 1}, {2, 2}}, INT64_MAX);
  require_optimum({{-INT64_MAX}, {-1}, {-1}}, -INT64_MAX);
}
