// Fixed-point rounding of float values against integer arithmetic, and training through it.
#include <cmath>
#include <cstdint>
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/pruning/train.hpp"
#include "espalier/support/random.hpp"

#include "nn/rounding.hpp"

namespace espalier::pruning {
namespace {

using resource_model::FixedPoint;
using resource_model::Overflow;
using resource_model::Rounding;

/// The definition, in 64-bit integers.
double converted(double value, const FixedPoint& type) {
  const double scaled = std::ldexp(value, type.fraction_bits());
  const double shift = type.rounding == Rounding::kRound ? 0.5 : 0.0;
  auto units = static_cast<std::int64_t>(std::floor(scaled + shift));
  const std::int64_t span = std::int64_t{1} << type.width_bits;
  const std::int64_t low = type.is_signed ? -span / 2 : 0;
  const std::int64_t high = low + span - 1;
  if (type.overflow == Overflow::kSaturate) {
    units = std::clamp(units, low, high);
  } else {
    units = low + (((units - low) % span) + span) % span;
  }
  return std::ldexp(static_cast<double>(units), -type.fraction_bits());
}

TEST_CASE("values are rounded as the types define it", "[nn][property]") {
  Random random(81);
  int wrapped = 0;
  for (int round = 0; round < 400; ++round) {
    const int width = static_cast<int>(random.integer(2, 18));
    const FixedPoint type{.width_bits = width,
                          .integer_bits = static_cast<int>(random.integer(-2, width)),
                          .is_signed = random.chance(0.7),
                          .rounding = random.chance(0.5) ? Rounding::kRound : Rounding::kTruncate,
                          .overflow = random.chance(0.5) ? Overflow::kSaturate : Overflow::kWrap};
    const nn::FixedPointRounding rounding(type);
    for (int k = 0; k < 20; ++k) {
      // At most 20 bits before rounding: the sum with one half is exact in float.
      const double unit = std::ldexp(1.0, -type.fraction_bits() - 2);
      const float value =
          static_cast<float>(static_cast<double>(random.integer(-300000, 300000)) * unit);
      float result = 0.0F;
      rounding.apply(&value, &result, 1);
      CAPTURE(to_string(type), value);
      REQUIRE(static_cast<double>(result) == converted(static_cast<double>(value), type));
      wrapped += std::abs(result - value) > static_cast<float>(4.0 * unit) ? 1 : 0;
    }
  }
  CHECK(wrapped > 1000);
}

TEST_CASE("types finer than float leave values alone", "[nn]") {
  const float value = 0.1F;
  float result = 0.0F;
  nn::FixedPointRounding({.width_bits = 32, .integer_bits = 8}).apply(&value, &result, 1);
  CHECK(result == value);
}

NetworkFixedPoint coarse_types(const Sequential& network) {
  const FixedPoint type{.width_bits = 5,
                        .integer_bits = 3,
                        .rounding = Rounding::kRound,
                        .overflow = Overflow::kSaturate};
  NetworkFixedPoint types;
  types.input = FixedPoint{.width_bits = 6, .integer_bits = 3};
  types.layers.resize(static_cast<std::size_t>(network.num_layers()));
  for (int i = 0; i < network.num_layers(); ++i) {
    if (network.has_weights(i)) {
      types.layers[static_cast<std::size_t>(i)] = {.weight = type, .bias = type};
    }
  }
  return types;
}

TEST_CASE("training through coarse types beats rounding afterwards", "[nn][train]") {
  const DataSplit jets = generate_jets(8000, 3000, 100, 3);
  Sequential network = make_jet_mlp();
  network.initialize(1);
  TrainOptions options{.epochs = 8, .learning_rate = 3e-3F, .threads = 2};
  train(network, jets.train, jets.validation, options);
  const NetworkFixedPoint types = coarse_types(network);
  const double in_float = accuracy(network, jets.validation);
  const double rounded = accuracy(network, jets.validation, 1, types);
  options.fixed_point = types;
  const double kept = train(network, jets.train, jets.validation, options);
  const double tuned = accuracy(network, jets.validation, 1, types);
  CAPTURE(in_float, rounded, tuned);
  CHECK(kept == tuned);
  CHECK(rounded < in_float - 0.02);
  CHECK(tuned > rounded + 0.01);
  CHECK(tuned > in_float - 0.04);
}

}  // namespace
}  // namespace espalier::pruning
