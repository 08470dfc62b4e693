// Fixed-point inference in itself; tests/hls4ml holds it against hls4ml's own code.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/pruning/fixed_point_network.hpp"
#include "espalier/pruning/prune.hpp"
#include "espalier/pruning/train.hpp"
#include "espalier/resource_model/network_io.hpp"
#include "espalier/support/error.hpp"
#include "espalier/support/random.hpp"

#include "fixed_point/layer_types.hpp"
#include "fixed_point/quantizer.hpp"

using namespace espalier;
using namespace espalier::pruning;
using resource_model::FixedPoint;
using resource_model::parse_fixed_point;

namespace {

double value_in(double value, const char* type) {
  const FixedPoint parsed = parse_fixed_point(type);
  return std::ldexp(static_cast<double>(Quantizer::from_value(value, parsed)),
                    -parsed.fraction_bits());
}

/// The definition, in doubles that are exact here.
double reference(double value, const FixedPoint& type) {
  const double unit = std::ldexp(1.0, -type.fraction_bits());
  const bool rounds = type.rounding == resource_model::Rounding::kRound;
  double units = std::floor(value / unit + (rounds ? 0.5 : 0.0));
  const double span = std::ldexp(1.0, type.width_bits);
  const double low = type.is_signed ? -span / 2.0 : 0.0;
  if (type.overflow == resource_model::Overflow::kSaturate) {
    units = std::min(std::max(units, low), low + span - 1.0);
  } else {
    units -= span * std::floor((units - low) / span);
  }
  return units * unit;
}

FixedPoint random_type(Random& random) {
  const int width = 2 + static_cast<int>(random.uniform() * 14);
  return {.width_bits = width,
          .integer_bits = static_cast<int>(random.uniform() * (width + 4)) - 2,
          .is_signed = random.uniform() < 0.7,
          .rounding = random.uniform() < 0.5 ? resource_model::Rounding::kTruncate
                                             : resource_model::Rounding::kRound,
          .overflow = random.uniform() < 0.5 ? resource_model::Overflow::kWrap
                                             : resource_model::Overflow::kSaturate};
}

}  // namespace

TEST_CASE("values go into types as the user guide of ap_fixed shows it", "[fixed_point]") {
  // UG1399, tables of quantisation and overflow modes.
  CHECK(value_in(1.25, "ap_fixed<3,2,AP_RND,AP_SAT>") == 1.5);
  CHECK(value_in(-1.25, "ap_fixed<3,2,AP_RND,AP_SAT>") == -1.0);
  CHECK(value_in(1.25, "ap_fixed<3,2,AP_TRN,AP_SAT>") == 1.0);
  CHECK(value_in(-1.25, "ap_fixed<3,2,AP_TRN,AP_SAT>") == -1.5);
  CHECK(value_in(19.0, "ap_fixed<4,4,AP_RND,AP_SAT>") == 7.0);
  CHECK(value_in(-19.0, "ap_fixed<4,4,AP_RND,AP_SAT>") == -8.0);
  CHECK(value_in(19.0, "ap_ufixed<4,4,AP_RND,AP_SAT>") == 15.0);
  CHECK(value_in(-19.0, "ap_ufixed<4,4,AP_RND,AP_SAT>") == 0.0);
  CHECK(value_in(31.0, "ap_fixed<4,4,AP_RND,AP_WRAP>") == -1.0);
  CHECK(value_in(-19.0, "ap_fixed<4,4,AP_RND,AP_WRAP>") == -3.0);
  CHECK(value_in(19.0, "ap_ufixed<4,4,AP_RND,AP_WRAP>") == 3.0);
  CHECK(value_in(1e300, "ap_fixed<16,6,AP_TRN,AP_SAT>") == 32.0 - 1.0 / 1024);
  CHECK(value_in(-1e300, "ap_fixed<16,6,AP_TRN,AP_SAT>") == -32.0);
}

TEST_CASE("from one type to another is as the definition says", "[fixed_point][property]") {
  Random random(5);
  int changed = 0;
  for (int trial = 0; trial < 20000; ++trial) {
    const FixedPoint from = random_type(random);
    const FixedPoint to = random_type(random);
    const double value = reference(random.uniform() * 200.0 - 100.0, from);
    const auto units = static_cast<std::int64_t>(std::ldexp(value, from.fraction_bits()));
    const std::int64_t result = Quantizer(from.fraction_bits(), to)(units);
    CAPTURE(trial, resource_model::to_string(from), resource_model::to_string(to), value);
    const double got = std::ldexp(static_cast<double>(result), -to.fraction_bits());
    REQUIRE(got == reference(value, to));
    REQUIRE(Quantizer::from_value(value, to) == result);
    if (got != value) ++changed;
  }
  CHECK(changed > 5000);
  CHECK(changed < 19000);
}

TEST_CASE("wide types follow the network in floating point", "[fixed_point]") {
  const auto hardware = resource_model::parse_network(R"({"layers": [
    {"name": "c", "type": "Conv2D", "in": [7, 6, 2], "kernel": [3, 2], "filters": 3,
     "stride": [2, 1], "padding": "same", "strategy": "Latency", "activation": "relu"},
    {"name": "p", "type": "AveragePooling2D", "pool": [2, 2], "stride": [1, 2],
     "padding": "same"},
    {"name": "d", "type": "Dense", "n_out": 4, "strategy": "Resource", "reuse_factor": 3}],
    "precision": "ap_fixed<26,8>"})",
                                                      "wide");
  Sequential network = make_network(hardware);
  network.initialize(3);
  Random random(9);
  std::vector<float> features(20 * 84);
  for (float& x : features) x = static_cast<float>(random.uniform() * 2.0 - 1.0);
  const auto expected = predict(network, features, 20);
  const auto got = FixedPointNetwork(network, hardware).predict(features, 20);
  REQUIRE(got.size() == expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    CAPTURE(i);
    CHECK(got[i] == Approx(static_cast<double>(expected[i])).margin(5e-4));
  }
}

TEST_CASE("a saturating accumulator sees the terms in the order of the cycles", "[fixed_point]") {
  // 1 + 1 - 1 - 1 + 0.5: saturated at 1.5 the order decides what is left.
  const auto value = [](const char* folding) {
    const auto hardware = resource_model::parse_network(
        std::string(R"({"layers": [{"name": "d", "type": "Dense", "n_in": 4, "n_out": 1,
         "accum": "ap_fixed<3,2,AP_TRN,AP_SAT>", )") +
            folding + "}]}",
        "order");
    Sequential network = make_network(hardware);
    std::ranges::fill(network.kernel(0), 1.0F);
    network.bias(0)[0] = 0.5F;
    const std::vector<float> features = {1.0F, 1.0F, -1.0F, -1.0F};
    return FixedPointNetwork(network, hardware).predict(features, 1)[0];
  };
  CHECK(value(R"("strategy": "Latency")") == -0.5);                     // 1.5, 1.5, 0.5, -0.5
  CHECK(value(R"("strategy": "Resource", "reuse_factor": 2)") == 0.5);  // 1.5, 0.5, 1.5, 0.5
}

TEST_CASE("inferred accumulators hold every sum", "[fixed_point]") {
  resource_model::Layer layer{.name = "d", .n_in = 400, .n_out = 3};
  resource_model::Network hardware{.layers = {layer}};
  // As hls4ml 1.3 infers them: 16 + 16 + 9 for the products, one bit more for the bias.
  CHECK(resource_model::to_string(resolve_types(hardware)[0].accum) == "ap_fixed<42,22>");
  hardware.layers[0].input_type = parse_fixed_point("ap_ufixed<8,0>");
  hardware.layers[0].weight = parse_fixed_point("ap_fixed<6,1>");
  hardware.layers[0].n_in = 16;
  CHECK(resource_model::to_string(resolve_types(hardware)[0].accum) == "ap_fixed<20,7>");
}

TEST_CASE("what cannot be computed in 62 bits is refused by the layer's name", "[fixed_point]") {
  const auto hardware = resource_model::parse_network(
      R"({"layers": [{"name": "huge", "type": "Dense", "n_in": 2, "n_out": 2,
       "strategy": "Latency", "weight": "ap_fixed<40,4>", "input": "ap_fixed<40,4>"}]})",
      "huge");
  const Sequential network = make_network(hardware);
  CHECK_THROWS_WITH(FixedPointNetwork(network, hardware), Catch::Contains("layer huge"));
}
