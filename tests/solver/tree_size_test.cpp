// The estimate of the size of a tree: its count of sets of deviations against enumeration.

#include "search/tree_size.hpp"

#include <cmath>
#include <cstdint>
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/support/random.hpp"

namespace espalier::solver {
namespace {

TEST_CASE("the size of a tree goes by the number of sets of deviations", "[solver][property]") {
  Random random(91);
  for (int round = 0; round < 300; ++round) {
    const int rows = static_cast<int>(random.integer(1, 20));
    const double bound = 1000.0;
    const std::int64_t objective = random.integer(800, 999);
    const double distance = bound - static_cast<double>(objective);
    // One set, and two: what an estimate makes of them gives the scale.
    const double one = TreeSize({}, bound, rows).nodes(objective);
    const double two = TreeSize({0.0}, bound, rows).nodes(objective);
    REQUIRE(one > 0.0);
    REQUIRE(two > one);

    std::vector<double> costs;
    const auto items = static_cast<std::size_t>(random.integer(1, 14));
    for (std::size_t j = 0; j < items; ++j) {
      costs.push_back((random.chance(0.5) ? -1.0 : 1.0) * 300.0 * random.uniform());
    }
    const auto sets_within = [&](double limit) {
      double count = 0.0;
      for (std::uint32_t mask = 0; mask < 1U << items; ++mask) {
        double cost = 0.0;
        for (std::size_t j = 0; j < items; ++j) {
          if ((mask >> j & 1U) != 0) cost += std::abs(costs[j]);
        }
        if (cost <= limit) count += 1.0;
      }
      return count;
    };
    const double nodes = TreeSize(costs, bound, rows).nodes(objective);
    const double sets = std::exp2(std::log(nodes / one) / std::log(two / one));
    // Each cost is off by half a step of 1/256 at the most.
    const double error = static_cast<double>(items) * distance / 512.0;
    CAPTURE(round, items, distance);
    CHECK(sets >= sets_within(distance - error) * (1.0 - 1e-9));
    CHECK(sets <= sets_within(distance + error) * (1.0 + 1e-9));
  }
}

TEST_CASE("the size of a tree at its ends", "[solver]") {
  const std::vector<double> many(5000, 0.25);
  CHECK(TreeSize(many, 100.0, 5).nodes(100) == 0.0);
  CHECK(TreeSize(many, 100.0, 5).nodes(120) == 0.0);
  CHECK(std::isinf(TreeSize(many, 100.0, 5).nodes(99)));
  CHECK(std::isinf(TreeSize(many, 1e18, 5).nodes(INT64_MIN)));
  CHECK(TreeSize({1.0, 2.0, 3.0}, 100.0, 5).nodes(90) >
        TreeSize({1.0, 2.0, 3.0}, 100.0, 5).nodes(97));
}

}  // namespace
}  // namespace espalier::solver
