#include "classes/load_table.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/support/random.hpp"

#include "drawn_curves.hpp"

namespace {

using espalier::Random;
using espalier::solver::best_counts_by_loads;
using espalier::solver::ClassCurve;
using espalier::tests::DrawnCurves;
using Integers = std::vector<std::int64_t>;

constexpr std::int64_t kBytes = std::int64_t{1} << 24;

DrawnCurves draw(Random& random) {
  DrawnCurves drawn;
  const auto rows = static_cast<std::size_t>(random.integer(1, 4));
  const auto classes = static_cast<std::size_t>(random.integer(1, 4));
  drawn.capacities.assign(rows, 0);
  for (std::size_t c = 0; c < classes; ++c) {
    drawn.weights.emplace_back();
    for (std::size_t i = 0; i < rows; ++i) drawn.weights[c].push_back(random.integer(0, 5));
    drawn.values.emplace_back();
    for (std::int64_t k = random.integer(0, 5); k > 0; --k) {
      drawn.values[c].push_back(random.integer(1, 12));
    }
    std::sort(drawn.values[c].begin(), drawn.values[c].end(), std::greater<>());
  }
  for (std::size_t c = 0; c < classes; ++c) {
    ClassCurve curve;
    curve.weights = drawn.weights[c];
    curve.values = drawn.values[c];
    curve.first = static_cast<std::size_t>(random.integer(
        0, std::min<std::int64_t>(1, static_cast<std::int64_t>(curve.values.size()))));
    for (std::size_t i = 0; i < rows; ++i) {
      drawn.capacities[i] += static_cast<std::int64_t>(curve.first) * curve.weights[i];
    }
    drawn.curves.push_back(curve);
  }
  for (auto& capacity : drawn.capacities) capacity += random.integer(0, 20);
  return drawn;
}

}  // namespace

TEST_CASE("counts by loads are as good as the best of all counts", "[classes][property]") {
  Random random(3);
  for (int trial = 0; trial < 2000; ++trial) {
    CAPTURE(trial);
    const DrawnCurves drawn = draw(random);
    const Integers counts = best_counts_by_loads(drawn.curves, drawn.capacities, kBytes, {});
    REQUIRE(counts.size() == drawn.curves.size());
    REQUIRE(drawn.fits(counts));
    for (std::size_t c = 0; c < counts.size(); ++c) {
      REQUIRE(counts[c] >= static_cast<std::int64_t>(drawn.curves[c].first));
    }
    REQUIRE(drawn.profit_of(counts) == drawn.best_profit());
  }
}

TEST_CASE("a table that would be too large or lacks items is not filled", "[classes]") {
  Random random(4);
  DrawnCurves drawn = draw(random);
  CHECK(!best_counts_by_loads(drawn.curves, drawn.capacities, kBytes, {}).empty());
  CHECK(best_counts_by_loads(drawn.curves, drawn.capacities, 8, {}).empty());
  CHECK(best_counts_by_loads(drawn.curves, Integers(drawn.capacities.size(), kBytes), kBytes, {})
            .empty());
  drawn.curves[0].goes_on_below = true;
  CHECK(best_counts_by_loads(drawn.curves, drawn.capacities, kBytes, {}).empty());
}
