#include "espalier/resource_model/reuse_factor.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace espalier::resource_model;

namespace {

Layer dense(int n_in, int n_out, int reuse_factor, Strategy strategy = Strategy::kResource) {
  Layer layer;
  layer.name = "fc1";
  layer.n_in = n_in;
  layer.n_out = n_out;
  layer.strategy = strategy;
  layer.reuse_factor = reuse_factor;
  return layer;
}

/// The acceptance test in the words of hls4ml's FPGA backend: with m = min(n_in, rf) inputs per
/// multiplier and L = ceil(n_in * n_out / m) multipliers, L must be a multiple of n_out or
/// rf >= n_in; rf beyond n_in must be a multiple of it; and rf must divide n_in * n_out.
bool hls4ml_accepts(int n_in, int n_out, int rf) {
  const int per_multiplier = std::min(n_in, rf);
  const int multipliers = (n_in * n_out + per_multiplier - 1) / per_multiplier;
  return (multipliers % n_out == 0 || rf >= n_in) && (rf % n_in == 0 || rf < n_in) &&
         n_in * n_out % rf == 0;
}

}  // namespace

TEST_CASE("Valid reuse factors of the Resource strategy are those that hls4ml accepts") {
  for (int n_in = 1; n_in <= 40; ++n_in) {
    for (int n_out = 1; n_out <= 30; ++n_out) {
      const Layer layer = dense(n_in, n_out, 1);
      std::vector<int> expected;
      for (int rf = 1; rf <= n_in * n_out; ++rf) {
        if (hls4ml_accepts(n_in, n_out, rf)) expected.push_back(rf);
        REQUIRE(is_valid_reuse_factor(layer, IoType::kParallel, rf) ==
                hls4ml_accepts(n_in, n_out, rf));
      }
      REQUIRE(valid_reuse_factors(layer, IoType::kParallel) == expected);
    }
  }
}

TEST_CASE("An invalid reuse factor moves to the nearest valid one, to the smaller of two") {
  const Layer layer = dense(16, 64, 1);  // 1 2 4 8 16 32 64 128 256 512 1024
  CHECK(nearest_valid_reuse_factor(layer, IoType::kParallel, 3) == 2);
  CHECK(nearest_valid_reuse_factor(layer, IoType::kParallel, 7) == 8);
  CHECK(nearest_valid_reuse_factor(layer, IoType::kParallel, 12) == 8);
  CHECK(nearest_valid_reuse_factor(layer, IoType::kParallel, 13) == 16);
  CHECK(nearest_valid_reuse_factor(layer, IoType::kParallel, 5000) == 1024);
  CHECK(nearest_valid_reuse_factor(layer, IoType::kParallel, 32) == 32);
  CHECK(nearest_valid_reuse_factor(layer, IoType::kParallel, 0) == 1);
}

TEST_CASE("Convolutions of io_parallel cannot fold beyond their inputs") {
  Layer layer;
  layer.type = LayerType::kConv2D;
  layer.input = {8, 8, 2};
  layer.kernel = {3, 3};
  layer.filters = 4;
  layer.strategy = Strategy::kResource;
  CHECK(valid_reuse_factors(layer, IoType::kParallel) == std::vector<int>{1, 2, 3, 6, 9, 18});
  CHECK(valid_reuse_factors(layer, IoType::kStream) == std::vector<int>{1, 2, 3, 6, 9, 18, 36, 72});
  CHECK(!is_valid_reuse_factor(layer, IoType::kParallel, 36));
}

TEST_CASE("ResourceUnrolled cannot fold a layer to a single multiplier") {
  const Layer layer = dense(6, 2, 1, Strategy::kResourceUnrolled);
  CHECK(valid_reuse_factors(layer, IoType::kParallel) == std::vector<int>{1, 2, 3, 6});
  CHECK(nearest_valid_reuse_factor(layer, IoType::kParallel, 12) == 6);
}

TEST_CASE("Latency takes any bound and lists the ones that waste no multiplier") {
  const Layer layer = dense(10, 7, 4, Strategy::kLatency);
  CHECK(valid_reuse_factors(layer, IoType::kParallel) ==
        std::vector<int>{1, 2, 5, 7, 10, 14, 35, 70});
  CHECK(is_valid_reuse_factor(layer, IoType::kParallel, 4));
  CHECK(!is_valid_reuse_factor(layer, IoType::kParallel, 71));
}

TEST_CASE("The listed, the valid and the nearest reuse factors agree with one another") {
  for (const Strategy strategy : {Strategy::kResource, Strategy::kResourceUnrolled}) {
    const Layer layer = dense(12, 10, 1, strategy);
    const auto valid = valid_reuse_factors(layer, IoType::kParallel);
    for (int rf = 1; rf <= 130; ++rf) {
      const bool is_listed = std::find(valid.begin(), valid.end(), rf) != valid.end();
      CHECK(is_listed == is_valid_reuse_factor(layer, IoType::kParallel, rf));
      const int nearest = nearest_valid_reuse_factor(layer, IoType::kParallel, rf);
      for (const int other : valid) CHECK(std::abs(nearest - rf) <= std::abs(other - rf));
    }
  }
}

TEST_CASE("A moved reuse factor is reported with layer, old, new and neighbouring values") {
  Network network;
  network.layers = {dense(16, 64, 5), dense(16, 64, 4)};
  const auto warnings = correct_reuse_factors(network);
  REQUIRE(warnings.size() == 1);
  CHECK_THAT(warnings[0], Catch::Contains("layer 'fc1'") && Catch::Contains("factor 5") &&
                              Catch::Contains("uses 4") && Catch::Contains("4 below and 8 above"));
  CHECK(network.layers[0].reuse_factor == 4);
}
