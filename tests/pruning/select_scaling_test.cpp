#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/support/error.hpp"
#include "espalier/support/exact.hpp"
#include "espalier/support/random.hpp"

#include "select/to_knapsack.hpp"

using espalier::Int128;
using espalier::Random;
using espalier::pruning::scale_values;
using espalier::pruning::ScaledValues;

namespace {

constexpr int kFractionBits = 40;

/// value * 2^exponent as a fixed-point number with 40 fractional bits, rounded: exact to 2^-41.
Int128 exact_scaled(double value, int exponent) {
  const long double shifted = std::ldexp(static_cast<long double>(value), exponent);
  const auto whole = static_cast<std::int64_t>(shifted);
  const long double rest = shifted - static_cast<long double>(whole);
  return (Int128{whole} << kFractionBits) +
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
  return values;
}

}  // namespace

TEST_CASE("scaled values fit 62 bits and every set of them keeps its value", "[select][property]") {
  Random random(7);
  for (int round = 0; round < 3500; ++round) {
    const std::int64_t family = round % 7;
    const std::vector<double> values = random_values(random, family);
    const ScaledValues scaled = scale_values(values);
    CAPTURE(round, family, values.size(), scaled.exponent);

    Int128 total = 0;
    for (const std::int64_t s : scaled.scaled) total += s;
    REQUIRE(total <= (Int128{1} << 40) + static_cast<std::int64_t>(values.size()));
    // Of no use if it were too small either.
    const bool is_zero = *std::max_element(values.begin(), values.end()) == 0.0;
    if (!is_zero) REQUIRE(total >= (Int128{1} << 38) - static_cast<std::int64_t>(values.size()));

    Int128 sum = 0;
    Int128 exact = 0;
    for (std::size_t j = 0; j < values.size(); ++j) {
      if (random.chance(0.3)) continue;
      sum += Int128{scaled.scaled[j]} << kFractionBits;
      exact += exact_scaled(values[j], scaled.exponent);
    }
    const Int128 difference = sum > exact ? sum - exact : exact - sum;
    const auto n = static_cast<std::int64_t>(values.size());
    REQUIRE(difference <= (Int128{n} << (kFractionBits - 1)) + n);
    REQUIRE(scaled.error == std::ldexp(static_cast<double>(n), -scaled.exponent));
  }
}

TEST_CASE("scaling keeps the order of values and maps sums back", "[select]") {
  const ScaledValues scaled = scale_values(std::vector<double>{0.25, 0.5, 0.0, 0.25});
  CHECK(scaled.scaled[0] == scaled.scaled[3]);
  CHECK(scaled.scaled[1] == 2 * scaled.scaled[0]);
  CHECK(scaled.scaled[2] == 0);
  CHECK(scaled.in_real_units(scaled.scaled[0] + scaled.scaled[1]) == 0.75);
  CHECK(scale_values(std::vector<double>{0.0, 0.0}).scaled == std::vector<std::int64_t>{0, 0});
}

TEST_CASE("values that are no values are refused by number", "[select]") {
  using Catch::Matchers::Contains;
  CHECK_THROWS_WITH(scale_values(std::vector<double>{1.0, -0.5}),
                    Contains("structure 1") && Contains("-0.5"));
  CHECK_THROWS_AS(scale_values(std::vector<double>{std::nan("")}), espalier::Error);
  CHECK_THROWS_AS(scale_values(std::vector<double>{std::numeric_limits<double>::infinity()}),
                  espalier::Error);
  CHECK_THROWS_WITH(scale_values(std::vector<double>{1.7e308, 1.7e308}), Contains("infinity"));
}
