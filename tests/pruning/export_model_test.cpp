#include "espalier/pruning/export_model.hpp"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "espalier/pruning/import_model.hpp"
#include "espalier/pruning/prune.hpp"
#include "espalier/pruning/report.hpp"
#include "espalier/pruning/verify_export.hpp"
#include "espalier/resource_model/network_io.hpp"
#include "espalier/support/error.hpp"

#include "exchange/isolated_read.hpp"
#include "exchange/keras_architecture.hpp"
#include "exchange/tensor_file.hpp"

using namespace espalier;
using namespace espalier::pruning;
namespace fs = std::filesystem;

namespace {

struct Folder {
  fs::path path =
      fs::temp_directory_path() / ("espalier-export-test-" + std::to_string(::getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
};

resource_model::Network small_hardware() {
  return resource_model::parse_network(R"({"io_type": "io_stream", "backend": "Vitis", "layers": [
    {"name": "my_kernel", "type": "Conv2D", "in": [6, 6, 2], "kernel": [3, 3], "filters": 4,
     "padding": "same", "strategy": "Resource", "reuse_factor": 9, "activation": "relu",
     "input": "ap_fixed<12,4>", "weight": "ap_fixed<10,2>", "result": "ap_ufixed<9,3>"},
    {"name": "pool", "type": "MaxPooling2D", "pool": [2, 2]},
    {"name": "bias", "type": "Dense", "n_out": 3, "strategy": "Latency",
     "activation": "softmax"}]})",
                                       "small");
}

}  // namespace

TEST_CASE("an exported model comes back as it went", "[export]") {
  const Folder folder;
  const auto hardware = small_hardware();
  Sequential network = make_network(hardware);
  network.initialize(5);
  std::ranges::fill(network.bias(0), 0.25F);
  export_model(network, hardware, folder.path);
  const ImportedModel back = import_model(folder.path / "model.h5", folder.path / "hls4ml.json");

  REQUIRE(back.network.num_layers() == network.num_layers());
  for (int i = 0; i < network.num_layers(); ++i) {
    CAPTURE(i);
    CHECK(std::ranges::equal(back.network.kernel(i), network.kernel(i)));
    CHECK(std::ranges::equal(back.network.bias(i), network.bias(i)));
  }
  CHECK(back.hardware.io_type == hardware.io_type);
  CHECK(back.hardware.backend == hardware.backend);
  const auto& conv = back.hardware.layers[0];
  CHECK(conv.name == "my_kernel");
  CHECK(conv.reuse_factor == 9);
  CHECK(conv.activation == resource_model::Activation::kRelu);
  CHECK(conv.weight == hardware.layers[0].weight);
  CHECK(conv.input_type == hardware.layers[0].input_type);
  CHECK(conv.result == hardware.layers[0].result);
  CHECK(back.hardware.layers.back().name == "bias");
}

TEST_CASE("dropout of a Keras model stays for the fine-tuning", "[export]") {
  const Folder folder;
  const auto hardware = small_hardware();
  Sequential network = make_network(hardware);
  network.initialize(5);
  export_model(network, hardware, folder.path);
  auto model = nlohmann::json::parse(keras_architecture(hardware));
  auto& layers = model["config"]["layers"];
  const auto dropout = [](const char* name, double rate) {
    return nlohmann::json{{"class_name", "Dropout"}, {"config", {{"name", name}, {"rate", rate}}}};
  };
  layers.insert(layers.begin() + 1, dropout("first", 0.125));
  layers.insert(layers.end() - 1, dropout("last", 0.25));
  std::ofstream(folder.path / "model.json") << model.dump();
  const ImportedModel imported =
      import_model(folder.path / "model.json", {}, folder.path / "model.h5");
  REQUIRE(imported.hardware.layers.size() == hardware.layers.size() + 1);  // Flatten is written
  CHECK(imported.network.layer(0).dropout_rate == 0.125F);
  const int last = imported.network.num_layers() - 2;
  CHECK(imported.network.layer(last).dropout_rate == 0.25F);
  const std::vector<float> features(72, 0.5F);
  CHECK(predict(imported.network, features, 1) == predict(network, features, 1));
}

TEST_CASE("layers with idle multipliers are unrolled, others are not", "[export]") {
  const auto hardware = small_hardware();
  Sequential network = make_network(hardware);
  network.initialize(5);
  const auto strategy = [&] {
    return nlohmann::json::parse(hls4ml_configuration(network, hardware))
        .at("HLSConfig")
        .at("LayerName")
        .at("my_kernel")
        .at("Strategy");
  };
  CHECK(strategy() == "Resource");
  // Lane 0: the first nine weights of filter 0 in hardware order.
  for (std::size_t i = 0; i < 9; ++i) network.kernel(0)[i * 4] = 0.0F;
  CHECK(strategy() == "ResourceUnrolled");
  auto parallel = hardware;
  parallel.io_type = resource_model::IoType::kParallel;
  const auto config = nlohmann::json::parse(hls4ml_configuration(network, parallel));
  CHECK(config.at("HLSConfig").at("LayerName").at("my_kernel").at("Strategy") == "Resource");
}

TEST_CASE("names that hls4ml cannot take are changed, all others stay", "[export]") {
  resource_model::Network hardware;
  const auto add = [&](const char* name, resource_model::Activation activation) {
    hardware.layers.push_back({.name = name, .n_in = 2, .n_out = 2, .activation = activation});
  };
  add("input", resource_model::Activation::kLinear);
  add("block/dense-1", resource_model::Activation::kLinear);
  add("kernel", resource_model::Activation::kRelu);
  add("kernel_relu", resource_model::Activation::kLinear);
  add("2nd", resource_model::Activation::kLinear);
  const auto named = with_exportable_names(hardware).layers;
  CHECK(named[0].name == "input_layer");
  CHECK(named[1].name == "block_dense_1");
  CHECK(named[2].name == "kernel");
  CHECK(named[3].name == "kernel_relu_layer");
  CHECK(named[4].name == "layer_2nd");
}

TEST_CASE("a report that promises other figures than the files is found out", "[export]") {
  const Folder folder;
  const auto hardware = small_hardware();
  Sequential network = make_network(hardware);
  DataSplit data;
  for (Dataset* part : {&data.train, &data.validation, &data.test}) {
    part->sample_shape = {6, 6, 2};
    part->num_classes = 3;
    part->features.assign(20 * 72, 0.5F);
    part->labels.assign(20, 1);
  }
  network.initialize(5);
  PruneOptions options{.target_sparsity = 0.5, .tolerance = 1.0, .step = 0.5};
  options.baseline_training.epochs = options.fine_tuning.epochs = 1;
  const PruneReport report = prune(network, data, hardware, options);
  write_report(report, folder.path);
  export_model(network, hardware, folder.path);
  const ExportVerification good = verify_export(folder.path);
  CHECK(good.ok());
  REQUIRE(good.layers.size() == 2);
  CHECK(good.layers[0].multipliers == 8);
  CHECK(good.layers[0].multipliers_used < 8);
  CHECK_FALSE(good.layers[0].hls4ml_limit);

  std::ranges::fill(network.kernel(0), 1.0F);  // a weight where the report says there is none
  export_model(network, hardware, folder.path);
  const ExportVerification bad = verify_export(folder.path);
  REQUIRE_FALSE(bad.ok());
  CHECK_THAT(bad.problems.front(), Catch::Contains("my_kernel") && Catch::Contains("promises"));
}

TEST_CASE("long architectures are written and read", "[export]") {
  const Folder folder;
  const std::string architecture(200000, 'x');  // an attribute proper ends at 64 KiB
  const FileTensor tensor{.path = "kernel:0", .shape = {2, 3}, .values = {1, 2, 3, 4, 5, 6}};
  std::ofstream(folder.path / "long.h5", std::ios::binary)
      << write_keras_hdf5(architecture, {{.layer = "a/b", .tensors = {tensor}}});
  const TensorFile back = read_keras_hdf5(folder.path / "long.h5");
  CHECK(back.architecture == architecture);
  REQUIRE(back.tensors.size() == 1);
  CHECK(back.tensors[0].path == "a/b/kernel:0");
  CHECK(back.tensors[0].shape == tensor.shape);
  CHECK(back.tensors[0].values == tensor.values);
}

TEST_CASE("a child that crashes, hangs or hoards is an unsuccessful result", "[isolation]") {
  const auto run = [](const std::function<bool(const ByteSink&)>& work) {
    return run_isolated(work, {.max_output_bytes = 1 << 20,
                               .max_memory_bytes = std::size_t{256} << 20,
                               .max_cpu_seconds = 1,
                               .max_wait_seconds = 20});
  };
  const auto good = run([](const ByteSink& sink) { return sink("some") && sink(" bytes"); });
  CHECK(good.succeeded);
  CHECK(good.output == "some bytes");
  CHECK_FALSE(run([](const ByteSink&) { return false; }).succeeded);
  CHECK_FALSE(run([](const ByteSink&) -> bool { throw 1; }).succeeded);
  CHECK_FALSE(run([](const ByteSink&) { return std::raise(SIGSEGV) == 0; }).succeeded);
  CHECK_FALSE(run([](const ByteSink&) {
                for (std::atomic<int> i = 0;; ++i) {
                }
                return true;
              }).succeeded);
  const auto flood = run([](const ByteSink& sink) {
    const std::string block(100000, 'x');
    while (sink(block)) {
    }
    return true;
  });
  CHECK_FALSE(flood.succeeded);
  CHECK(flood.output.size() <= 1 << 20);
}
