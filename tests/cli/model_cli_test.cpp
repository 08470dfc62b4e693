// A user's trained model through the program: estimate, prune, export, verify.
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "onnx_sample.hpp"
#include "run_program.hpp"

using namespace espalier::tests;
using nlohmann::json;

namespace {

/// A NumPy file of 32-bit floats, format 1.0.
std::string npy(const std::string& shape, const std::vector<float>& values) {
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + shape + "), }";
  header.append(63 - (10 + header.size()) % 64, ' ');
  header += '\n';
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += static_cast<char>(header.size());
  bytes += static_cast<char>(header.size() / 256);
  bytes += header;
  bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
  return bytes;
}

/// Two kinds of image of 4 x 4 pixels: bright above, and bright below.
void write_images(const TemporaryFolder& folder) {
  for (const std::string part : {"train", "test"}) {
    std::vector<float> x;
    std::vector<float> y;
    for (int i = 0; i < 200; ++i) {
      for (int p = 0; p < 16; ++p) x.push_back((p < 8) == (i % 2 == 0) ? 1.0F : 0.1F);
      y.push_back(static_cast<float>(i % 2));
    }
    folder.write("x_" + part + ".npy", npy("200, 4, 4, 1", x));
    folder.write("y_" + part + ".npy", npy("200,", y));
  }
}

constexpr const char* kConfiguration = R"({"Backend": "Vitis", "IOType": "io_stream",
  "Part": "xcu250-figd2104-2L-e", "ClockPeriod": 5, "HLSConfig": {"Model":
    {"Precision": "ap_fixed<16,6>", "ReuseFactor": 2, "Strategy": "Latency"},
    "LayerName": {"Conv_c": {"Strategy": "Resource", "ReuseFactor": 9}}}})";

/// "folder/" without a name at its end.
std::string folder_of(const TemporaryFolder& folder) { return folder / ""; }

}  // namespace

TEST_CASE("a trained model is pruned, exported, verified and pruned again", "[cli][model]") {
  const TemporaryFolder folder;
  write_images(folder);
  const std::string model = folder.write("net.onnx", onnx_sample());
  const std::string config = folder.write("hls.json", kConfiguration);
  const Finished first =
      run({"prune", "--model", model, "--config", config, "--data", folder_of(folder), "--epochs",
           "3", "--tuning-epochs", "1", "--target", "0.3", "--tolerance", "0.5", "--out",
           folder / "out", "--quiet"});
  CAPTURE(first.err);
  REQUIRE(first.exit_code == 0);
  CHECK_THAT(first.out, Catch::Contains("convert.py"));
  for (const char* const file : {"out/model.h5", "out/hls4ml.json", "out/convert.py"}) {
    CHECK_FALSE(content_of(folder / file).empty());
  }
  const json layers = json::parse(content_of(folder / "out/hls4ml.json"))["HLSConfig"]["LayerName"];
  CHECK(layers["Conv_c"]["ReuseFactor"] == 9);
  CHECK(layers.contains("Conv_c_relu"));

  const Finished verified = run({"verify", folder / "out"});
  CHECK(verified.exit_code == 0);
  CHECK_THAT(verified.out, Catch::Contains("Conv_c") && Catch::Contains("as the report promises"));

  const Finished again =
      run({"prune", "--model", folder / "out/model.h5", "--config", folder / "out/hls4ml.json",
           "--data", folder_of(folder), "--tuning-epochs", "1", "--target", "0.4", "--tolerance",
           "0.9", "--out", folder / "again", "--quiet"});
  CAPTURE(again.err);
  REQUIRE(again.exit_code == 0);
  const json report = json::parse(content_of(folder / "again/report.json"));
  CHECK(report["baseline"]["dsp"] ==
        json::parse(content_of(folder / "out/report.json"))["baseline"]["dsp"]);
  const Finished estimated =
      run({"estimate", folder / "out/model.h5", "--config", folder / "out/hls4ml.json"});
  CHECK(estimated.exit_code == 0);
  CHECK_THAT(estimated.out, Catch::Contains("Conv_c"));
}

TEST_CASE("models and data that do not fit are one line", "[cli][model]") {
  const TemporaryFolder folder;
  const std::string model = folder.write("net.onnx", onnx_sample());
  const auto expect = [&](const Finished& finished, const std::string& part) {
    CAPTURE(finished.err);
    CHECK(finished.exit_code == 1);
    CHECK_THAT(finished.err, Catch::StartsWith("espalier: ") && Catch::Contains(part));
    CHECK(finished.err.find('\n') == finished.err.size() - 1);
  };
  expect(run({"prune", "--model", model, "--out", folder / "out"}), "net.onnx");  // jets
  expect(run({"prune", "--model", model, "--data", folder_of(folder), "--out", folder / "out"}),
         "x_train.npy");
  expect(run({"prune", "--model", folder.write("cut.onnx", onnx_sample().substr(0, 300)), "--data",
              folder_of(folder)}),
         "damaged");
  expect(run({"prune", "--model", folder.write("a.json", "{\"class_name\": 1, \"config\": {}}"),
              "--data", folder_of(folder)}),
         "without weights");
  expect(run({"verify", folder / "nowhere"}), "nowhere");
}
