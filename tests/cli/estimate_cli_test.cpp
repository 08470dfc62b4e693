// The verb estimate as a user or a script meets it: exit codes, streams, and errors that name layer
// and field.

#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "run_program.hpp"

namespace {

using espalier::tests::Finished;
using espalier::tests::run;
using espalier::tests::TemporaryFolder;
using nlohmann::json;

const std::string kKeras = R"({"class_name": "Sequential", "config": {"layers": [
  {"class_name": "InputLayer", "config": {"name": "in", "batch_input_shape": [null, 16]}},
  {"class_name": "Dense", "config": {"name": "fc", "units": 8, "activation": "relu"}}]}})";

std::string with_layer(const std::string& fields) { return R"({"layers": [{)" + fields + "}]}"; }

/// One line on stderr that holds every part, nothing on stdout.
void expect_error(const Finished& finished, const std::vector<std::string>& parts) {
  CAPTURE(finished.err);
  CHECK(finished.exit_code == 1);
  CHECK(finished.out.empty());
  CHECK(finished.err.rfind("espalier: ", 0) == 0);
  CHECK(finished.err.find('\n') == finished.err.size() - 1);
  for (const std::string& part : parts) CHECK(finished.err.find(part) != std::string::npos);
}

}  // namespace

TEST_CASE("an estimate tells layers, totals, use of the device and the error of the calibration",
          "[cli][estimate]") {
  const TemporaryFolder folder;
  const std::string model = folder.write(
      "net.json", with_layer(R"("name": "fc1", "type": "Dense", "n_in": 64, "n_out": 64,
        "strategy": "Resource", "reuse_factor": 5)"));
  const Finished table = run({"estimate", model, "--device", "xc7z020clg400-1"});
  CAPTURE(table.out);
  REQUIRE(table.exit_code == 0);
  CHECK(table.out.find("does not fit into xc7z020: 804 DSP blocks") != std::string::npos);
  CHECK(table.out.find("465.5 %") != std::string::npos);
  CHECK(table.out.find("LUT and FF are calibrated: median error") != std::string::npos);
  CHECK(table.out.find("warning: layer 'fc1': reuse factor 5") != std::string::npos);

  const Finished written = run({"estimate", model, "--json", "-"});
  REQUIRE(written.exit_code == 0);
  const json answer = json::parse(written.out);
  CHECK(answer.at("layers").at(0).at("reuse_factor") == 4);
  CHECK(answer.at("layers").at(0).at("dsp") == 1024);
  CHECK(answer.at("layers").at(0).at("lut_error").get<double>() > 0.0);
  CHECK(answer.at("device").at("fits") == true);
  CHECK(answer.at("total").at("latency_ns") == answer.at("total").at("latency").get<int>() * 5.0);
}

TEST_CASE("bad input to estimate is one line that names layer and field", "[cli][estimate]") {
  const TemporaryFolder folder;
  const auto estimate = [&](const std::string& text, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"estimate", folder.write("net.json", text)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  };
  const std::string dense = R"("name": "fc1", "type": "Dense", "n_in": 16, "n_out": 8, )";
  expect_error(estimate(with_layer(R"("name": "r", "type": "GRU")")), {"'r'", "'type'", "GRU"});
  expect_error(estimate(with_layer(dense + R"("strategy": "Resource", "weight": "ap_fixed<0,0>")")),
               {"'fc1'", "'weight'", "1 to 1024"});
  expect_error(estimate(with_layer(dense + R"("strategy": "Resource", "reuse_factor": 0)")),
               {"'fc1'", "reuse_factor is 0"});
  expect_error(
      estimate(with_layer(dense + R"("strategy": "Resource", "reuse_factor": 5)"), {"--strict"}),
      {"'fc1'", "reuse factor 5 is invalid", "4 below and 8 above"});
  expect_error(estimate(with_layer(R"("name": "c", "type": "Conv2D", "in": [8, 8], "kernel": 3,
                                      "filters": 2, "strategy": "Latency")")),
               {"'c'", "'in'", "3 integers"});
  expect_error(estimate(with_layer(dense + R"("strategy": "Latency")"), {"--device", "xc9v1"}),
               {"device is 'xc9v1'", "xcvu9p"});
}

TEST_CASE("bad hls4ml settings name file, layer and field", "[cli][estimate]") {
  const TemporaryFolder folder;
  const std::string model = folder.write("model.json", kKeras);
  const auto estimate = [&](const std::string& config) {
    return run({"estimate", model, "--config", folder.write("hls.json", config)});
  };
  CHECK(estimate(R"({"Backend": "VivadoAccelerator", "HLSConfig": {"LayerName": {"fc_relu":
      {"Precision": "ap_fixed<8,3>"}, "fc": {"ReuseFactor": 4, "Strategy": "resource"}}}})")
            .exit_code == 0);
  expect_error(estimate(R"({"HLSConfig": {"LayerName": {"fc9": {"ReuseFactor": 4}}}})"),
               {"hls.json", "'fc9'", "'LayerName'", "in, fc"});
  expect_error(estimate(R"({"HLSConfig": {"Model": {"Strategy": "Fast"}}})"),
               {"'fc'", "'strategy'", "Fast"});
  expect_error(estimate(R"({"Backend": "Quartus", "HLSConfig": {"Model": {}}})"),
               {"'backend'", "Quartus"});
  expect_error(estimate(R"({"Model": {}})"), {"hls.json", "'HLSConfig'"});
}
