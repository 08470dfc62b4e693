#include "cuts/cover.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/support/random.hpp"

namespace espalier::solver {
namespace {

TEST_CASE("a lifted cover cuts off its point but no feasible selection", "[cuts][property]") {
  Random random(20);
  int found = 0;
  int lifted = 0;
  for (int round = 0; round < 20000; ++round) {
    const auto n = static_cast<std::size_t>(random.integer(2, 12));
    const std::int64_t largest = random.chance(0.3) ? 5 : 1000;
    std::vector<std::int64_t> weights(n);
    std::vector<double> point(n);
    std::int64_t total = 0;
    for (std::size_t j = 0; j < n; ++j) {
      weights[j] = random.integer(0, largest);
      total += weights[j];
      point[j] = random.chance(0.4) ? 1.0 : random.uniform();
    }
    const std::int64_t capacity = random.integer(0, total);
    CAPTURE(round, n, weights, capacity);
    const auto cut = separate_lifted_cover(weights, capacity, point);
    if (!cut) continue;
    ++found;
    REQUIRE(efficacy(*cut, point) > 0.0);
    for (const auto c : cut->coefficients) REQUIRE(c >= 0);
    lifted += std::any_of(cut->coefficients.begin(), cut->coefficients.end(),
                          [](auto c) { return c > 1; })
                  ? 1
                  : 0;
    for (std::uint32_t selection = 0; selection < (1U << n); ++selection) {
      std::int64_t weight = 0;
      std::int64_t left = 0;
      for (std::size_t j = 0; j < n; ++j) {
        if ((selection >> j & 1U) == 0) continue;
        weight += weights[j];
        left += cut->coefficients[j];
      }
      if (weight <= capacity && left > cut->right_side) FAIL("selection " << selection);
    }
  }
  CHECK(found > 2000);
  CHECK(lifted > 100);
}

TEST_CASE("a row that everything satisfies has no cover", "[cuts]") {
  const std::vector<std::int64_t> weights = {1, 2, 3};
  const std::vector<double> point = {1.0, 1.0, 1.0};
  CHECK_FALSE(separate_lifted_cover(weights, 6, point));
}

}  // namespace
}  // namespace espalier::solver
