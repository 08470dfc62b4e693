// Fixed-point rounding of float values against integer arithmetic, and training through it.
#include <cmath>
#include <cstdint>
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/pruning/train.hpp"
#include "espalier/support/random.hpp"

#include "nn/chain.hpp"
#include "nn/rounding.hpp"
#include "train/batch_gradient.hpp"

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

      if (!rounding.wraps()) continue;
      FixedPoint saturating = type;
      saturating.overflow = Overflow::kSaturate;
      const double kept = converted(static_cast<double>(value), saturating);
      float at_end = value;
      std::int8_t beyond = 0;
      rounding.saturate(&at_end, &beyond, 1);
      REQUIRE(static_cast<double>(at_end) == kept);
      const double half = type.rounding == Rounding::kRound ? 0.5 : 0.0;
      const double scaled = std::ldexp(static_cast<double>(value), type.fraction_bits());
      const double unbounded = std::ldexp(std::floor(scaled + half), -type.fraction_bits());
      REQUIRE(beyond == (unbounded > kept ? 1 : unbounded < kept ? -1 : 0));
      float clamped = value;
      rounding.clamp(&clamped, 1);
      REQUIRE(std::abs(clamped) <= std::abs(value));
      rounding.apply(&clamped, &clamped, 1);
      REQUIRE(static_cast<double>(clamped) == kept);
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

TEST_CASE("a value beyond its type is pulled back by as much as the loss can push", "[nn]") {
  Sequential network({1}, {{.name = "output", .units = 2}});
  network.kernel(0)[0] = 1.0F;
  const Dataset data{.sample_shape = {1}, .num_classes = 2, .features = {9.0F}, .labels = {0}};
  // Logits 9 and 0 in the range of -4 to 3.75: the first one would wrap around to 1.
  const NetworkFixedPoint types{
      .layers = {{.output = FixedPoint{.width_bits = 5, .integer_bits = 3}}}};
  const nn::Chain chain(network, types);
  nn::ThreadPool threads(1);
  nn::BatchGradient batches(chain, data, 1, threads);
  const std::vector<float> parameters = chain.layout().gather(network);
  const std::uint32_t sample = 0;
  const double loss = batches.run(parameters.data(), {&sample, 1}, 1.0F, nn::Chain::Training{});
  CHECK(loss == Approx(std::log1p(std::exp(-3.75))));
  std::vector<float> gradient(parameters.size(), 0.0F);
  batches.add_to(gradient.data(), 0, gradient.size());
  const double push = 1.0 / (1.0 + std::exp(3.75));  // how much of the probability is missing
  const std::size_t bias = chain.layout().bias(0).offset;
  CHECK(static_cast<double>(gradient[bias]) == Approx(1.0 - push));
  CHECK(static_cast<double>(gradient[bias + 1]) == Approx(push));
}

TEST_CASE("training through types that wrap around brings values back into their range",
          "[nn][train]") {
  const DataSplit jets = generate_jets(8000, 3000, 100, 3);
  Sequential network = make_jet_mlp();
  network.initialize(1);
  TrainOptions options{.epochs = 8, .learning_rate = 3e-3F, .threads = 2};
  train(network, jets.train, jets.validation, options);
  const double in_float = accuracy(network, jets.validation);
  NetworkFixedPoint types;
  types.layers.resize(static_cast<std::size_t>(network.num_layers()));
  for (int i = 0; i < network.num_layers(); ++i) {
    if (!network.has_weights(i)) continue;
    auto& layer = types.layers[static_cast<std::size_t>(i)];
    layer.weight = FixedPoint{.width_bits = 10, .integer_bits = 1};
    layer.output = FixedPoint{.width_bits = 12, .integer_bits = 3};
  }
  const double rounded = accuracy(network, jets.validation, 1, types);
  options.fixed_point = types;
  const double tuned = train(network, jets.train, jets.validation, options);
  CAPTURE(in_float, rounded, tuned);
  CHECK(rounded < in_float - 0.2);
  CHECK(tuned > in_float - 0.03);
  for (int i = 0; i < network.num_layers(); ++i) {
    for (const float weight : network.kernel(i)) REQUIRE(std::abs(weight) <= 1.0F);
  }
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
