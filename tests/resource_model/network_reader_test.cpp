#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "espalier/resource_model/estimate.hpp"
#include "espalier/resource_model/network_io.hpp"
#include "espalier/support/error.hpp"

using namespace espalier::resource_model;

namespace {

std::string with_layers(const std::string& layers, const std::string& head = "") {
  return "{" + head + "\"layers\": [" + layers + "]}";
}

const char* const kFc1 =
    R"({"name": "fc1", "type": "Dense", "n_in": 16, "n_out": 64, "strategy": "Resource", "reuse_factor": 4})";

}  // namespace

TEST_CASE("A network description is read with the defaults of hls4ml") {
  const Network network = parse_network(with_layers(kFc1), "net.json");
  CHECK(network.io_type == IoType::kParallel);
  CHECK(network.clock_ns == 5.0);
  CHECK(network.connected);
  REQUIRE(network.layers.size() == 1);
  CHECK(network.layers[0].weight == FixedPoint{});
  CHECK(network.layers[0].reuse_factor == 4);
  CHECK(network.layers[0].strategy == Strategy::kResource);
}

TEST_CASE("Sizes and types flow from layer to layer") {
  const Network network =
      parse_network(with_layers(R"(
    {"name": "conv", "type": "Conv2D", "in": [28, 28, 1], "kernel": [5, 5], "filters": 6,
     "padding": "same", "strategy": "Latency", "activation": "relu"},
    {"name": "pool", "type": "MaxPooling2D", "pool": 2},
    {"name": "conv2", "type": "Conv2D", "kernel": 5, "filters": 16, "strategy": "Latency",
     "input": "ap_fixed<12,4>"},
    {"name": "gap", "type": "GlobalAveragePooling2D"},
    {"name": "flat", "type": "Flatten"},
    {"name": "fc", "type": "Dense", "n_out": 10, "strategy": "Resource", "result": "ap_fixed<9,4>"},
    {"name": "out", "type": "Activation", "activation": "softmax"})",
                                R"("io_type": "io_stream", "precision": "ap_fixed<18,8>", )"),
                    "net.json");
  const auto& layers = network.layers;
  REQUIRE(layers.size() == 7);
  CHECK(layers[1].input == std::array<int, 3>{28, 28, 6});
  CHECK(layers[1].stride == std::array<int, 2>{2, 2});
  CHECK(layers[1].result.width_bits == 12);
  CHECK(layers[2].input == std::array<int, 3>{14, 14, 6});
  CHECK(layers[2].output_size() == std::array<int, 2>{10, 10});
  CHECK(layers[3].kernel == std::array<int, 2>{10, 10});
  CHECK(layers[3].output_size() == std::array<int, 2>{1, 1});
  CHECK(layers[5].n_in == 16);
  CHECK(layers[5].weight.width_bits == 18);
  CHECK(layers[6].n_in == 10);
  CHECK(layers[6].input_type.width_bits == 9);
}

TEST_CASE("Sequences are images of height one") {
  const Network network = parse_network(
      with_layers(
          R"({"name": "c", "type": "Conv1D", "in": [100, 4], "kernel": 3, "stride": 2, "filters": 8,
              "strategy": "Resource", "reuse_factor": 12})"),
      "net.json");
  const Layer& layer = network.layers[0];
  CHECK(layer.input == std::array<int, 3>{1, 100, 4});
  CHECK(layer.output_size() == std::array<int, 2>{1, 49});
  CHECK(layer.num_weights() == 96);
}

TEST_CASE("Numbers beyond double precision and names with line breaks give errors of one line") {
  CHECK_THROWS_WITH(parse_network(R"({"clock_ns": 5e999, "layers": []})", "n"),
                    Catch::Contains("n: a number in it is beyond the range"));
  try {
    parse_network(R"({"layers": [{"name": "a\nb", "type": "Dens"}]})", "n");
    FAIL("is accepted");
  } catch (const espalier::Error& error) {
    CHECK(error.message().find("layer 'a b'") != std::string::npos);
    CHECK(std::string(error.what()).find('\n') == std::string::npos);
  }
}

TEST_CASE("A list of unrelated layers carries nothing from one to the next") {
  const std::string two =
      std::string(kFc1) +
      R"(, {"name": "b", "type": "Dense", "n_in": 7, "n_out": 3, "strategy": "Latency"})";
  CHECK(parse_network(with_layers(two, R"("connected": false, )"), "n").layers[1].n_in == 7);
  CHECK_THROWS_WITH(parse_network(with_layers(two), "n"),
                    Catch::Contains("n: layer 'b': field 'n_in' is 7; expected the 64 values"));
}

TEST_CASE("A network survives being written and read again") {
  const std::string text = with_layers(
      R"({"name": "c1", "type": "Conv1D", "in": [30, 4], "kernel": 3, "filters": 8, "strategy": "Resource",
          "reuse_factor": 12, "weight": "ap_fixed<7,1,AP_RND,AP_SAT>", "accum": "ap_fixed<20,8>"},
         {"name": "b", "type": "BatchNormalization"}, {"name": "p", "type": "MaxPooling1D", "pool": 2,
          "conv_implementation": "Encoded"},
         {"name": "f", "type": "Flatten"},
         {"name": "d", "type": "Dense", "n_out": 4, "strategy": "Latency", "activation": "sigmoid"})",
      R"("io_type": "io_stream", "backend": "Vitis", "part": "xc7z020clg400-1", "clock_ns": 10, )");
  const std::string once = network_to_json(parse_network(text, "a"));
  CHECK(network_to_json(parse_network(once, "b")) == once);
}

TEST_CASE("Dropout is a rate of the layer before it, and no layer") {
  const std::string text = with_layers(
      R"({"name": "d0", "type": "Dropout", "rate": 0.5}, )" + std::string(kFc1) +
      R"(, {"name": "d1", "type": "Dropout", "rate": 0.25}, {"name": "d2", "type": "Dropout", "rate": 0.5},
         {"name": "fc2", "type": "Dense", "n_out": 3, "strategy": "Latency"})");
  const Network network = parse_network(text, "net.json");
  REQUIRE(network.layers.size() == 2);
  CHECK(network.input_dropout_rate == 0.5);
  CHECK(network.layers[0].dropout_rate == 0.625);  // three in eight survive both
  CHECK(network.layers[1].dropout_rate == 0.0);
  const std::string once = network_to_json(network);
  CHECK(network_to_json(parse_network(once, "b")) == once);
}

TEST_CASE("Errors in a description name file, layer and field") {
  const struct {
    std::string text;
    std::vector<std::string> parts;
  } cases[] = {
      {"{\n\"layers\": [\n}", {"net.json:3: ", "JSON"}},
      {"[]", {"net.json: ", "object"}},
      {"{}", {"net.json: ", "'layers'", "missing"}},
      {R"({"layers": []})", {"'layers'", "at least one"}},
      {R"({"layers": [3]})", {"layer 1", "object"}},
      {with_layers(kFc1, R"("io_type": "io_odd", )"), {"'io_type'", "io_odd", "io_stream"}},
      {with_layers(kFc1, R"("backend": "Quartus", )"), {"'backend'", "Quartus", "Vitis"}},
      {with_layers(kFc1, R"("part": "lcmxo2", )"), {"lcmxo2", "expected"}},
      {with_layers(kFc1, R"("clock_ns": 0, )"), {"'clock_ns'"}},
      {with_layers(kFc1, R"("colour": 0, )"), {"unknown field 'colour'"}},
      {with_layers(R"({"type": "Dense"})"), {"layer 1", "'name'", "missing"}},
      {with_layers(R"({"name": "x", "type": "Dens", "n_in": 1})"), {"'x'", "'type'", "\"Dens\""}},
      {with_layers(R"({"name": "x", "type": "Dense", "n_out": 3, "strategy": "Latency"})"),
       {"'x'", "'n_in'", "missing"}},
      {with_layers(R"({"name": "x", "type": "Dense", "n_in": 4, "n_out": 3})"),
       {"'x'", "'strategy'", "missing"}},
      {with_layers(R"({"name": "x", "type": "Dense", "n_in": 4.5, "n_out": 3})"),
       {"'x'", "'n_in'", "4.5"}},
      {with_layers(
           R"({"name": "x", "type": "Dense", "n_in": 0, "n_out": 3, "strategy": "Latency"})"),
       {"net.json: layer 'x'", "n_in is 0"}},
      {with_layers(R"({"name": "x", "type": "Dense", "n_in": 3000000000, "n_out": 3})"),
       {"'n_in'"}},
      {with_layers(
           R"({"name": "x", "type": "Dense", "n_in": 4, "n_out": 3, "strategy": "Latency", "weight": "float"})"),
       {"'x'", "'weight'", "'float'"}},
      {with_layers(
           R"({"name": "x", "type": "Dense", "n_in": 4, "n_out": 3, "strategy": "Latency", "widht": 3})"),
       {"'x'", "unknown field 'widht'"}},
      {with_layers(
           R"({"name": "x", "type": "Conv2D", "in": [2, 2, 1], "kernel": 3, "filters": 3, "strategy": "Latency"})"),
       {"'x'", "kernel", "fit"}},
      {with_layers(
           R"({"name": "x", "type": "Conv2D", "in": [5, 5, 1], "kernel": 3, "filters": 3, "strategy": "Latency",
              "parallelization_factor": 2})"),
       {"'x'", "parallelization_factor is 2", "divisor of the 9"}},
      {with_layers(
           R"({"name": "x", "type": "MaxPooling2D", "in": [5, 5, 1], "pool": 2, "conv_implementation": "Lines"})"),
       {"'x'", "'conv_implementation'", "Lines", "Encoded"}},
      {with_layers(R"({"name": "x", "type": "Activation", "in": 4})"), {"'activation'", "missing"}},
      {with_layers(R"({"name": "x", "type": "Dropout", "rate": 0.5})"), {"no Dropout"}},
      {with_layers(std::string(kFc1) + R"(, {"name": "x", "type": "Dropout"})"),
       {"'x'", "'rate'", "missing"}},
      {with_layers(std::string(kFc1) + R"(, {"name": "x", "type": "Dropout", "rate": 1})"),
       {"'x'", "'rate'", "less than 1"}},
      {with_layers(std::string(kFc1) + R"(, {"name": "fc1", "type": "Dropout", "rate": 0.1})"),
       {"'fc1'", "'name'", "of its own"}},
      {with_layers(std::string(kFc1) + "," +
                   R"({"name": "fc1", "type": "Dense", "n_out": 3, "strategy": "Latency"})"),
       {"'fc1'", "'name'", "of its own"}},
  };
  for (const auto& c : cases) {
    INFO(c.text);
    try {
      parse_network(c.text, "net.json");
      FAIL("no error");
    } catch (const espalier::Error& error) {
      for (const std::string& part : c.parts) CHECK_THAT(error.what(), Catch::Contains(part));
    }
  }
}

TEST_CASE("A missing file is a clear error") {
  CHECK_THROWS_WITH(read_network("/nowhere/net.json"),
                    Catch::Contains("/nowhere/net.json: cannot"));
}

TEST_CASE("The estimate is written with its valid reuse factors and warnings") {
  Network network = parse_network(with_layers(kFc1), "net.json");
  network.layers[0].reuse_factor = 3;
  const std::string json = estimate_to_json(estimate(network));
  CHECK_THAT(json, Catch::Contains("\"dsp\": 512") && Catch::Contains("silently") &&
                       Catch::Contains("\"total\""));
}

TEST_CASE("A Keras architecture is read as a chain of layers with hls4ml's defaults") {
  const std::string keras = R"json({"class_name": "Sequential", "config": {"name": "m", "layers": [
    {"class_name": "InputLayer", "config": {"batch_input_shape": [null, 8, 8, 3], "name": "in"}},
    {"class_name": "QConv2D", "config": {"name": "c", "filters": 4, "kernel_size": [3, 3],
      "strides": [1, 1], "padding": "same", "activation": "linear", "data_format": "channels_last",
      "kernel_quantizer": {"class_name": "quantized_bits", "config": {"bits": 6, "integer": 0}}}},
    {"class_name": "QActivation", "config": {"name": "a", "activation": "quantized_relu(5, 1)"}},
    {"class_name": "MaxPooling2D", "config": {"name": "p", "pool_size": [2, 2], "strides": [2, 2],
      "padding": "valid"}},
    {"class_name": "Dropout", "config": {"name": "d", "rate": 0.25}},
    {"class_name": "Flatten", "config": {"name": "f"}},
    {"class_name": "Dense", "config": {"name": "fc", "units": 10, "activation": "softmax"}}]}})json";
  const Network network = parse_network(keras, "model.json");
  REQUIRE(network.layers.size() == 5);
  CHECK(network.layers[0].weight == FixedPoint{.width_bits = 6, .integer_bits = 1});
  CHECK(network.layers[0].padding == Padding::kSame);
  CHECK(network.layers[1].activation == Activation::kRelu);
  CHECK(network.layers[2].input_type == FixedPoint{.width_bits = 5,
                                                   .integer_bits = 1,
                                                   .is_signed = false,
                                                   .rounding = Rounding::kRound,
                                                   .overflow = Overflow::kSaturate});
  CHECK(network.layers[2].dropout_rate == 0.25);
  CHECK(network.layers[4].n_in == 64);
  CHECK(network.layers[4].packets == 16);
  CHECK(network.layers[4].strategy == Strategy::kLatency);
  CHECK(network.layers[4].activation == Activation::kSoftmax);
}

TEST_CASE("hls4ml's settings apply by model, type and name, activations included") {
  const std::string keras = R"json({"class_name": "Sequential", "config": {"name": "m", "layers": [
    {"class_name": "InputLayer", "config": {"batch_input_shape": [null, 8], "name": "in"}},
    {"class_name": "Dense", "config": {"name": "a", "units": 12, "activation": "relu"}},
    {"class_name": "QDense", "config": {"name": "b", "units": 6, "activation": "linear",
      "kernel_quantizer": {"class_name": "quantized_bits", "config": {"bits": 5, "integer": 0}}}},
    {"class_name": "Dense", "config": {"name": "c", "units": 4, "activation": "softmax"}}]}})json";
  const std::string config = R"json({"Backend": "Vitis", "HLSConfig": {
    "Model": {"Precision": {"default": "ap_fixed<14,5>"}, "ReuseFactor": 2, "Strategy": "Resource"},
    "LayerType": {"Dense": {"ReuseFactor": 4}},
    "LayerName": {"a": {"Precision": {"weight": "ap_fixed<9,2>", "result": "ap_fixed<20,8>"}},
                  "a_relu": {"Precision": "ap_ufixed<7,1>"},
                  "b": {"Precision": "ap_fixed<10,3>", "ReuseFactor": 12}}}})json";
  const auto file = std::filesystem::temp_directory_path() / "espalier_hls4ml_settings_test.json";
  std::ofstream(file) << config;
  const Network network = parse_keras_network(keras, "m.json", file);
  std::filesystem::remove(file);
  REQUIRE(network.layers.size() == 3);
  CHECK(network.backend == Backend::kVitis);
  const Layer& a = network.layers[0];
  const Layer& b = network.layers[1];
  const Layer& c = network.layers[2];
  CHECK(a.weight == parse_fixed_point("ap_fixed<9,2>"));
  CHECK(a.bias == parse_fixed_point("ap_fixed<14,5>"));
  CHECK(a.result == parse_fixed_point("ap_ufixed<7,1>"));
  CHECK(a.reuse_factor == 4);
  CHECK(b.input_type == a.result);
  CHECK(b.weight == parse_fixed_point("ap_fixed<5,1>"));
  CHECK(b.bias == parse_fixed_point("ap_fixed<10,3>"));
  CHECK(b.result == parse_fixed_point("ap_fixed<10,3>"));
  CHECK(b.reuse_factor == 12);
  CHECK(c.input_type == b.result);
  CHECK(c.weight == parse_fixed_point("ap_fixed<14,5>"));
}

TEST_CASE("Quantised activations within a layer set its type, and absurd widths are refused") {
  const auto keras = [](const std::string& activation) {
    return R"json({"class_name": "Sequential", "config": {"name": "m", "layers": [
      {"class_name": "InputLayer", "config": {"batch_input_shape": [null, 8], "name": "in"}},
      {"class_name": "QDense", "config": {"name": "a", "units": 12, "activation": )json" +
           activation + "}}]}}";
  };
  const Network network = parse_network(keras("\"quantized_relu(6,1)\""), "m.json");
  CHECK(network.layers[0].activation == Activation::kRelu);
  CHECK(network.layers[0].result == parse_fixed_point("ap_ufixed<6,1,AP_RND,AP_SAT>"));
  CHECK_THROWS_WITH(parse_network(keras(R"({"class_name": "quantized_bits",
                              "config": {"bits": 4294967296, "integer": 9223372036854775807}})"),
                                  "m.json"),
                    Catch::Contains("layer 'a'") && Catch::Contains("'result'"));
}

TEST_CASE("A Keras architecture that is no chain is refused") {
  const std::string keras = R"json({"class_name": "Functional", "config": {"name": "m", "layers": [
    {"class_name": "InputLayer", "inbound_nodes": [],
     "config": {"batch_input_shape": [null, 8], "name": "in"}},
    {"class_name": "Dense", "config": {"name": "a", "units": 10},
     "inbound_nodes": [[["in", 0, 0, {}]]]},
    {"class_name": "Dense", "config": {"name": "b", "units": 10},
     "inbound_nodes": [[["in", 0, 0, {}]]]}]}})json";
  CHECK_THROWS_WITH(parse_network(keras, "m.json"),
                    Catch::Contains("m.json: layer 'b'") && Catch::Contains("chain"));
}
