// Real-valued profits: what the scaling promises, and optima in the caller's units.

#include "espalier/solver/real_profits.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/support/error.hpp"
#include "espalier/support/exact.hpp"
#include "espalier/support/random.hpp"

namespace {

using namespace espalier::solver;
using espalier::Error;
using espalier::Int128;
using espalier::Random;

constexpr int kFractionBits = 40;

/// value * 2^exponent as a fixed-point number with 40 fractional bits, rounded: exact to 2^-41.
Int128 exact_scaled(double value, int exponent) {
  const long double shifted = std::ldexp(static_cast<long double>(value), exponent);
  const auto whole = static_cast<std::int64_t>(shifted);
  const long double rest = shifted - static_cast<long double>(whole);
  return Int128{whole} * (Int128{1} << kFractionBits) +
         static_cast<std::int64_t>(std::llround(std::ldexp(rest, kFractionBits)));
}

std::vector<double> random_values(Random& random, std::int64_t family) {
  std::vector<double> values(static_cast<std::size_t>(random.integer(1, 300)));
  for (double& v : values) {
    switch (family) {
      case 0:
        v = random.uniform();
        break;
      case 1:
        v = 0.37;
        break;
      case 2:
        v = random.chance(0.5) ? 0.0 : random.uniform();
        break;
      case 3:
        v = std::pow(10.0, -30.0 * random.uniform());
        break;
      case 4:
        v = 1e300 * random.uniform();
        break;
      case 5:
        v = 5e-324 * static_cast<double>(random.integer(0, 3));
        break;
      default:
        v = 1.0 - 0x1.0p-53 * static_cast<double>(random.integer(0, 8));
        break;
    }
  }
  if (family == 3) values.front() = 1e12;
  if (family % 2 == 0) {
    for (double& v : values) v = random.chance(0.2) ? -v : v;
  }
  return values;
}

/// Real value of a selection, in more digits than doubles have.
long double value_of(const std::vector<RealItemClass>& classes,
                     const std::vector<std::vector<std::int32_t>>& selected) {
  long double sum = 0.0;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    for (const auto j : selected[c]) sum += classes[c].profits[static_cast<std::size_t>(j)];
  }
  return sum;
}

/// Greatest real value over all counts of one-row classes.
long double best_value(const std::vector<RealItemClass>& classes, std::int64_t capacity) {
  long double best = -1.0;
  const std::function<void(std::size_t, std::int64_t, long double)> descend =
      [&](std::size_t c, std::int64_t room, long double value) {
        if (c == classes.size()) {
          best = std::max(best, value);
          return;
        }
        std::vector<double> profits = classes[c].profits;
        std::sort(profits.begin(), profits.end(), std::greater<>());
        descend(c + 1, room, value);
        for (const double profit : profits) {
          room -= classes[c].weights[0];
          value += profit;
          if (room < 0) break;
          descend(c + 1, room, value);
        }
      };
  descend(0, capacity, 0.0);
  return best;
}

}  // namespace

TEST_CASE("scaled profits fit 62 bits and every set of them keeps its value", "[real][property]") {
  Random random(7);
  for (int round = 0; round < 4200; ++round) {
    const std::int64_t family = round % 7;
    const int bits = round % 3 == 0 ? kFineProfitBits : round % 3 == 1 ? kSearchProfitBits : 20;
    const std::vector<double> values = random_values(random, family);
    const auto [scaled, scale] = scale_profits(values, bits);
    CAPTURE(round, family, bits, values.size(), scale.exponent);

    const auto n = static_cast<std::int64_t>(values.size());
    Int128 total = 0;
    for (const std::int64_t s : scaled) total += s < 0 ? -s : s;
    REQUIRE(total <= (Int128{1} << bits) + n);
    // Of no use if it were too small either.
    const bool is_zero = std::all_of(values.begin(), values.end(), [](double v) { return v == 0; });
    if (!is_zero) REQUIRE(total >= (Int128{1} << (bits - 2)) - n);

    Int128 sum = 0;
    Int128 exact = 0;
    for (std::size_t j = 0; j < values.size(); ++j) {
      if (random.chance(0.3)) continue;
      sum += scaled[j] * (Int128{1} << kFractionBits);
      exact += exact_scaled(values[j], scale.exponent);
    }
    const Int128 difference = sum > exact ? sum - exact : exact - sum;
    REQUIRE(difference <= n * (Int128{1} << (kFractionBits - 1)) + n);
    REQUIRE(scale.error == std::ldexp(static_cast<double>(n), -scale.exponent));
  }
}

TEST_CASE("scaling keeps the order of profits and maps sums back", "[real]") {
  const auto [scaled, scale] =
      scale_profits(std::vector<double>{0.25, 0.5, 0.0, 0.25, -0.5}, kSearchProfitBits);
  CHECK(scaled[0] == scaled[3]);
  CHECK(scaled[1] == 2 * scaled[0]);
  CHECK(scaled[2] == 0);
  CHECK(scaled[4] == -scaled[1]);
  CHECK(scale.in_real_units(scaled[0] + scaled[1]) == 0.75);
  CHECK(scale_profits(std::vector<double>{0.0, 0.0}, 61).scaled == std::vector<std::int64_t>{0, 0});
  CHECK(scale_profits(std::vector<double>{}, 61).scale.error == 0.0);
}

TEST_CASE("profits that are no numbers are refused by item", "[real]") {
  using Catch::Matchers::Contains;
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  CHECK_THROWS_WITH(scale_profits(std::vector<double>{1.0, std::nan("")}, 40),
                    "the profit of item 1 is nan; expected a finite number");
  CHECK_THROWS_AS(scale_profits(std::vector<double>{-kInfinity}, 40), Error);
  CHECK_THROWS_WITH(scale_profits(std::vector<double>{1.7e308, -1.7e308}, 40),
                    Contains("infinity"));
  CHECK_THROWS_AS(scale_profits(std::vector<double>{1.0}, 62), Error);
  const std::vector<RealItemClass> classes = {{{1}, {1.0}}, {{2}, {2.0, kInfinity}}};
  CHECK_THROWS_WITH(scale_classes(classes, {5}),
                    "the profit of item 1 of class 1 is inf; expected a finite number");
}

TEST_CASE("real classed problems are solved within the stated bound", "[real][property]") {
  for (int seed = 0; seed < 2000; ++seed) {
    CAPTURE(seed);
    Random random(static_cast<std::uint64_t>(seed));
    std::vector<RealItemClass> classes(static_cast<std::size_t>(random.integer(1, 4)));
    std::int64_t total = 0;
    const double unit = std::pow(10.0, static_cast<double>(random.integer(-20, 20)));
    for (RealItemClass& klass : classes) {
      klass.weights = {random.integer(1, 9)};
      for (std::int64_t j = random.integer(0, 5); j > 0; --j) {
        klass.profits.push_back(unit *
                                (seed % 2 == 0 ? random.uniform() : 1.0 + 1e-9 * random.normal()));
        total += klass.weights[0];
      }
    }
    const std::int64_t capacity = total / 2;
    const RealClassedResult result = solve_classed(scale_classes(classes, {capacity}));
    REQUIRE(result.status == Status::kOptimal);
    // Both sides are known to a double's precision only.
    const double slack = 1e-15 * std::abs(result.objective);
    const auto value = static_cast<double>(value_of(classes, result.selected));
    const auto best = static_cast<double>(best_value(classes, capacity));
    CHECK(std::abs(result.objective - value) <= result.scaling_error / 2.0 + slack);
    CHECK(value >= best - result.scaling_error - slack);
    CHECK(best <= result.bound + result.scaling_error / 2.0 + slack);
    CHECK(result.scaling_error <= 1e-16 * static_cast<double>(classes.size() * 5) * 5.0 * unit);
  }
}
