// The search over counts, one by one and by joining halves, against all counts; and the pieces of
// the dual's minimisation against plain ways to do the same.

#include "classes/count_search.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/support/random.hpp"

#include "classes/edge_search.hpp"
#include "classes/near_vertex.hpp"
#include "drawn_curves.hpp"

namespace {

using espalier::Random;
using namespace espalier::solver;
using Integers = std::vector<std::int64_t>;

struct Drawn : espalier::tests::DrawnCurves {
  std::int64_t max_profit = 1;
};

struct Sizes {
  std::int64_t least_rows = 1, rows = 4, classes = 5, items = 4, max_weight = 8, max_profit = 1000;
};

/// Values between a half and the whole of a class's own scale, so that many combinations cost about
/// the same.
Drawn draw(Random& random, const Sizes& sizes) {
  Drawn drawn;
  const auto rows = static_cast<std::size_t>(random.integer(sizes.least_rows, sizes.rows));
  const std::int64_t classes = random.integer(1, sizes.classes);
  Integers sums(rows, 0);
  for (std::int64_t c = 0; c < classes; ++c) {
    Integers& weights = drawn.weights.emplace_back();
    for (std::size_t i = 0; i < rows; ++i) weights.push_back(random.integer(0, sizes.max_weight));
    const std::int64_t scale = random.integer(2, sizes.max_profit);
    Integers& values = drawn.values.emplace_back();
    for (std::int64_t k = random.integer(0, sizes.items); k > 0; --k) {
      values.push_back(random.integer(scale / 2, scale));
      drawn.max_profit = std::max(drawn.max_profit, values.back());
      for (std::size_t i = 0; i < rows; ++i) sums[i] += weights[i];
    }
    std::sort(values.begin(), values.end(), std::greater<>());
  }
  for (std::size_t c = 0; c < drawn.weights.size(); ++c) {
    ClassCurve curve;
    curve.weights = drawn.weights[c];
    curve.values = drawn.values[c];
    drawn.curves.push_back(curve);
  }
  const double part = random.uniform();
  for (const std::int64_t sum : sums) {
    drawn.capacities.push_back(static_cast<std::int64_t>(part * static_cast<double>(sum)));
  }
  return drawn;
}

LpPoint minimum(const Drawn& drawn) {
  return minimise_dual(drawn.curves, drawn.capacities, origin(drawn.capacities.size()));
}

CountSearchResult search(const Drawn& drawn, const LpPoint& point, std::int64_t single_vectors) {
  CountSearchInput input;
  input.curves = drawn.curves;
  input.capacities = drawn.capacities;
  input.point = &point;
  input.max_profit = drawn.max_profit;
  input.vector_limit = 10'000'000;
  input.single_vectors = single_vectors;
  return search_counts(input);
}

/// U(y) of class_lp.hpp.
double dual_value(const Drawn& drawn, const std::vector<double>& multipliers) {
  double sum = 0.0;
  for (std::size_t i = 0; i < multipliers.size(); ++i) {
    sum += multipliers[i] * static_cast<double>(drawn.capacities[i]);
  }
  for (const ClassCurve& curve : drawn.curves) {
    const double threshold = curve.threshold(multipliers);
    for (const std::int64_t value : curve.values) {
      sum += std::max(0.0, static_cast<double>(value) - threshold);
    }
  }
  return sum;
}

}  // namespace

TEST_CASE("counts are the best of all, found one by one or by joining halves",
          "[classes][property]") {
  int optimal = 0;
  int joined = 0;
  for (std::uint64_t seed = 0; seed < 20000; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    Sizes sizes;
    if (random.chance(0.3)) sizes.max_weight = 40;
    if (random.chance(0.3)) sizes.max_profit = 12;
    const Drawn drawn = draw(random, sizes);
    const LpPoint point = minimum(drawn);
    const std::int64_t best = drawn.best_profit();
    for (const std::int64_t single : {std::int64_t{1}, std::int64_t{1} << 40}) {
      const CountSearchResult found = search(drawn, point, single);
      if (found.outcome != CountOutcome::kOptimal) continue;
      REQUIRE(drawn.fits(found.counts));
      REQUIRE(drawn.profit_of(found.counts) == best);
      ++optimal;
      joined += single == 1 && found.vectors > 20 ? 1 : 0;
    }
  }
  CHECK(optimal > 35000);
  CHECK(joined > 1000);
}

TEST_CASE("joining halves finds what going through all finds, in fewer vectors",
          "[classes][property]") {
  std::int64_t one_by_one = 0;
  std::int64_t joining = 0;
  int compared = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    Sizes sizes;
    sizes.least_rows = 3;
    sizes.classes = 150;
    sizes.items = 200;
    sizes.max_profit = 1 << 30;
    const Drawn drawn = draw(random, sizes);
    const LpPoint point = minimum(drawn);
    const CountSearchResult all = search(drawn, point, std::int64_t{1} << 40);
    const CountSearchResult halves = search(drawn, point, CountSearchInput().single_vectors);
    if (all.outcome != CountOutcome::kOptimal || halves.outcome != CountOutcome::kOptimal) continue;
    ++compared;
    CHECK(drawn.profit_of(halves.counts) == drawn.profit_of(all.counts));
    CHECK(drawn.fits(halves.counts));
    one_by_one += all.vectors;
    joining += halves.vectors;
  }
  CHECK(compared > 50);
  CHECK(3 * joining < one_by_one);
}

TEST_CASE("the dual has the same minimum from any vertex", "[classes][property]") {
  int compared = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    Sizes sizes;
    sizes.classes = 30;
    sizes.items = 50;
    const Drawn drawn = draw(random, sizes);
    const LpPoint from_origin = minimum(drawn);
    if (!from_origin.is_optimal) continue;
    std::vector<double> guess = from_origin.multipliers;
    for (double& y : guess) y *= 0.8 + 0.4 * random.uniform();
    std::vector<std::size_t> taken;
    if (random.chance(0.7)) guess = newton_step(drawn.curves, drawn.capacities, guess, taken);
    for (std::size_t& k : taken) k += static_cast<std::size_t>(random.integer(0, 60));
    const LpPoint near =
        minimise_dual(drawn.curves, drawn.capacities,
                      vertex_near(drawn.curves, guess, drawn.capacities.size(), std::move(taken)));
    if (!near.is_optimal) continue;
    const double value = dual_value(drawn, from_origin.multipliers);
    CHECK(dual_value(drawn, near.multipliers) == Approx(value).epsilon(1e-9));
    ++compared;
  }
  CHECK(compared > 960);
}

TEST_CASE("an edge ends where the slope is no longer negative", "[classes][property]") {
  int stopped = 0;
  int endless = 0;
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    Sizes sizes;
    sizes.classes = 12;
    sizes.items = random.chance(0.5) ? 2000 : 20;
    sizes.max_profit = random.chance(0.4) ? 20 : 1'000'000;  // many ties, or hardly any
    const Drawn drawn = draw(random, sizes);
    EdgeSearch search;
    std::vector<std::pair<double, double>> stops;  // distance, what it adds to the slope
    for (std::size_t c = 0; c < drawn.curves.size(); ++c) {
      const ClassCurve& curve = drawn.curves[c];
      const double threshold = random.uniform() * static_cast<double>(drawn.max_profit);
      const double rate = (random.chance(0.5) ? 1.0 : -1.0) * (0.5 + random.uniform());
      search.add(curve, static_cast<int>(c), threshold, curve.taken_above(threshold), rate);
      for (const std::int64_t value : curve.values) {
        const bool is_above = static_cast<double>(value) > threshold;
        if (is_above != (rate > 0.0)) continue;
        stops.emplace_back((static_cast<double>(value) - threshold) / rate, std::abs(rate));
      }
    }
    std::sort(stops.begin(), stops.end());
    double most = 0.0;
    for (const auto& stop : stops) most += stop.second;
    const double slope = -random.uniform() * 1.1 * most - 0.01;
    std::optional<double> expected;
    double there = slope;
    for (std::size_t k = 0; k < stops.size() && !expected; ++k) {
      there += stops[k].second;
      if (there >= 0.0) expected = stops[k].first;
    }
    const auto stop = search.find(slope);
    REQUIRE(stop.has_value() == expected.has_value());
    (stop ? stopped : endless) += 1;
    if (stop) CHECK(stop->distance == Approx(*expected).epsilon(1e-9).margin(1e-9));
  }
  CHECK(stopped > 3000);
  CHECK(endless > 200);
}
