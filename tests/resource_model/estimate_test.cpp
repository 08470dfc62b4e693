#include "espalier/resource_model/estimate.hpp"

#include <catch2/catch.hpp>

#include "espalier/resource_model/network_io.hpp"
#include "espalier/resource_model/reuse_factor.hpp"
#include "espalier/support/error.hpp"

using namespace espalier::resource_model;

namespace {

NetworkEstimate estimate_text(const std::string& layers, const std::string& head = "") {
  return estimate(parse_network("{" + head + "\"layers\": [" + layers + "]}", "net.json"));
}

const std::string kDense =
    R"({"name": "fc", "type": "Dense", "n_in": 16, "n_out": 8, "strategy": "Latency")";
const std::string kConv =
    R"({"name": "conv", "type": "Conv2D", "in": [32, 32, 3], "kernel": 3, "filters": 16,
        "strategy": "Resource", "reuse_factor": 27)";

}  // namespace

TEST_CASE("Totals are the sums of the layers and the top level") {
  const NetworkEstimate all =
      estimate_text(kDense + R"(, "activation": "relu"}, {"name": "b", "type": "Dense", "n_out": 5,
                 "strategy": "Resource", "reuse_factor": 4, "activation": "softmax"})");
  REQUIRE(all.layers.size() == 2);
  CHECK(all.total == all.layers[0].total + all.layers[1].total + all.top_level);
  CHECK(all.latency_cycles == all.layers[0].latency_cycles + all.layers[1].latency_cycles);
  CHECK(all.ii_cycles == 4);
  CHECK(all.top_level.lut > 0);
  CHECK(all.top_level.dsp == 0);
}

TEST_CASE("A softmax takes a multiplier per class and a table per two classes and one more") {
  const Resources plain = estimate_text(kDense + "}").layers[0].total;
  const Resources softmax = estimate_text(kDense + R"(, "activation": "softmax"})").layers[0].total;
  CHECK((softmax - plain).dsp == 8);
  CHECK((softmax - plain).bram18 == 5);
}

TEST_CASE("A batch normalisation behind a linear layer is folded into it") {
  const std::string norm = R"(, {"name": "bn", "type": "BatchNormalization"})";
  CHECK(estimate_text(kDense + "}" + norm).layers[1].total == Resources{});
  CHECK(estimate_text(kDense + R"(, "activation": "relu"})" + norm).layers[1].total.dsp == 8);
}

TEST_CASE("Convolutions of io_parallel multiply for several pixels at once") {
  const auto dsp = [](const std::string& factor) {
    return estimate_text(kConv + factor + "}").layers[0].total.dsp;
  };
  CHECK(dsp("") == 16);
  CHECK(dsp(R"(, "parallelization_factor": 4)") == 64);
}

TEST_CASE("Queues of io_stream hold an image each and none follows the last layer") {
  const std::string stream = R"("io_type": "io_stream", )";
  const auto alone = estimate_text(kConv + "}", stream).layers[0].total.bram18;
  const std::string flatten = R"(, {"name": "f", "type": "Flatten"})";
  const auto followed = estimate_text(kConv + "}" + flatten, stream).layers[0].total.bram18;
  const auto activated =
      estimate_text(kConv + R"(, "activation": "relu"})" + flatten, stream).layers[0].total.bram18;
  // 30 x 30 pixels of 16 channels of 16 bits: one queue of 1K x 18 each with Vivado HLS.
  CHECK(followed - alone == 16);
  CHECK(activated - alone == 32);
  // One queue of 256 bits with Vitis HLS: 15 columns of 18 bits.
  const std::string vitis = stream + R"("backend": "Vitis", )";
  CHECK(estimate_text(kConv + "}" + flatten, vitis).layers[0].total.bram18 - alone == 15);
}

TEST_CASE("Zero padding and encoded windows have queues of their own in io_stream") {
  const auto blocks = [](const std::string& more) {
    return estimate_text(kConv + more + "}", R"("io_type": "io_stream", )").layers[0].total.bram18;
  };
  // 34 x 34 padded pixels of three channels of 16 bits: 2K x 9 columns.
  CHECK(blocks(R"(, "padding": "same")") - blocks("") == 3 * 2);
  // 3 x 3 x 3 values, three rows of 30 outputs each.
  CHECK(blocks(R"(, "conv_implementation": "Encoded")") - blocks("") == 27);
  const auto parallel = [](const std::string& more) {
    return estimate_text(kConv + more + "}").layers[0].total.bram18;
  };
  CHECK(parallel(R"(, "padding": "same")") == parallel(""));
}

TEST_CASE("The halves of a separable convolution are joined by a queue") {
  const std::string separable =
      R"({"name": "s", "type": "SeparableConv2D", "in": [10, 10, 8], "kernel": 3, "filters": 4,
          "strategy": "Latency"})";
  CHECK(estimate_text(separable).total.bram18 == 0);
  CHECK(estimate_text(separable, R"("io_type": "io_stream", )").total.bram18 == 8);
}

TEST_CASE("Layers of io_stream overlap, those of io_parallel follow one another") {
  const std::string two = kConv + R"(}, {"name": "pool", "type": "MaxPooling2D", "pool": 2})";
  const NetworkEstimate stream = estimate_text(two, R"("io_type": "io_stream", )");
  CHECK(stream.latency_cycles == stream.layers[0].latency_cycles + 2);
  const NetworkEstimate parallel = estimate_text(two);
  CHECK(parallel.latency_cycles ==
        parallel.layers[0].latency_cycles + parallel.layers[1].latency_cycles);
}

TEST_CASE("Timing follows the reuse factor") {
  const auto folded = [](int reuse) {
    return estimate_text(R"({"name": "fc", "type": "Dense", "n_in": 64, "n_out": 32,
      "strategy": "Resource", "reuse_factor": )" +
                         std::to_string(reuse) + "}")
        .layers[0];
  };
  for (const int reuse : {2, 8, 64, 128, 2048}) {
    CHECK(folded(reuse).ii_cycles == reuse);
    CHECK(folded(reuse).latency_cycles == reuse + 2);
  }
}

TEST_CASE("More reuse never takes more multipliers or fewer cycles") {
  Layer layer;
  layer.name = "fc";
  layer.n_in = 48;
  layer.n_out = 36;
  layer.strategy = Strategy::kResource;
  std::int64_t dsp = 1 << 30;
  std::int64_t cycles = 0;
  for (const int reuse : valid_reuse_factors(layer, IoType::kParallel)) {
    layer.reuse_factor = reuse;
    Network network;
    network.connected = false;
    network.layers = {layer};
    const LayerEstimate result = estimate(network).layers[0];
    CHECK(result.total.dsp < dsp);
    CHECK(result.latency_cycles >= cycles);
    CHECK(result.total.lut > 0);
    CHECK(result.total.ff > 0);
    dsp = result.total.dsp;
    cycles = result.latency_cycles;
  }
}

TEST_CASE("The sparsity that a device requires makes the network fit exactly") {
  const NetworkEstimate small = estimate_text(kDense + "}");
  const NetworkEstimate large = estimate_text(
      R"({"name": "fc", "type": "Dense", "n_in": 64, "n_out": 64, "strategy": "Resource",
          "reuse_factor": 4, "activation": "softmax"})");
  const Device& device = require_device("xc7z020");
  CHECK(required_sparsity(small, device) == 0.0);
  // 1024 multipliers and 64 of the softmax, which stay, for 220 blocks.
  CHECK(required_sparsity(large, device).value() == Approx(1.0 - (220.0 - 64.0) / 1024.0));
  Device tiny = device;
  tiny.capacity.dsp = 63;
  CHECK_FALSE(required_sparsity(large, tiny).has_value());
}

TEST_CASE("A strategy that hls4ml would change is reported") {
  const auto warnings = [](const std::string& layer, const std::string& head) {
    return estimate_text(layer, head).layers[0].warnings;
  };
  const std::string conv = R"({"name": "conv", "type": "Conv2D", "in": [8, 8, 3], "kernel": 3,
      "filters": 4, "strategy": "ResourceUnrolled", "reuse_factor": )";
  CHECK(warnings(conv + "3}", R"("io_type": "io_stream", )").empty());
  REQUIRE(warnings(conv + "3}", "").size() == 1);
  CHECK_THAT(warnings(conv + "3}", "")[0],
             Catch::Contains("layer 'conv'") && Catch::Contains("io_stream"));
  REQUIRE(warnings(conv + "1}", R"("io_type": "io_stream", )").size() == 1);
  CHECK_THAT(warnings(conv + "1}", R"("io_type": "io_stream", )")[0],
             Catch::Contains("reuse factor above 1"));
}

TEST_CASE("An impossible layer is refused by name and field") {
  Network network;
  Layer layer;
  layer.name = "broken";
  layer.n_in = 4;
  layer.n_out = 4;
  layer.weight.width_bits = 0;
  network.layers = {layer};
  CHECK_THROWS_WITH(estimate(network),
                    Catch::Contains("layer 'broken'") && Catch::Contains("weight is 0"));
  network.layers[0].weight.width_bits = 16;
  network.layers[0].reuse_factor = 0;
  CHECK_THROWS_WITH(estimate(network), Catch::Contains("reuse_factor is 0"));
}
