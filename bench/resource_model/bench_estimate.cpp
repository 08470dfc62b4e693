// How long a full network estimate takes.

#include <benchmark/benchmark.h>

#include "espalier/resource_model/estimate.hpp"
#include "espalier/resource_model/network_io.hpp"

namespace {

using namespace espalier::resource_model;

const char* const kJets = R"({"layers": [
  {"name": "fc1", "type": "Dense", "n_in": 16, "n_out": 64, "strategy": "Resource", "reuse_factor": 4, "activation": "relu"},
  {"name": "fc2", "type": "Dense", "n_out": 32, "strategy": "Resource", "reuse_factor": 4, "activation": "relu"},
  {"name": "fc3", "type": "Dense", "n_out": 32, "strategy": "Resource", "reuse_factor": 4, "activation": "relu"},
  {"name": "out", "type": "Dense", "n_out": 5, "strategy": "Resource", "reuse_factor": 4, "activation": "softmax"}]})";

const char* const kSvhn = R"({"io_type": "io_stream", "layers": [
  {"name": "c1", "type": "Conv2D", "in": [32, 32, 3], "kernel": 3, "filters": 16, "strategy": "Resource", "reuse_factor": 27},
  {"name": "n1", "type": "BatchNormalization", "activation": "relu"},
  {"name": "p1", "type": "MaxPooling2D", "pool": 2},
  {"name": "c2", "type": "Conv2D", "kernel": 3, "filters": 16, "strategy": "Resource", "reuse_factor": 24},
  {"name": "n2", "type": "BatchNormalization", "activation": "relu"},
  {"name": "p2", "type": "MaxPooling2D", "pool": 2},
  {"name": "c3", "type": "Conv2D", "kernel": 3, "filters": 24, "strategy": "Resource", "reuse_factor": 24},
  {"name": "n3", "type": "BatchNormalization", "activation": "relu"},
  {"name": "p3", "type": "MaxPooling2D", "pool": 2},
  {"name": "flat", "type": "Flatten"},
  {"name": "d1", "type": "Dense", "n_out": 42, "strategy": "Resource", "reuse_factor": 24, "activation": "relu"},
  {"name": "d2", "type": "Dense", "n_out": 64, "strategy": "Resource", "reuse_factor": 42, "activation": "relu"},
  {"name": "d3", "type": "Dense", "n_out": 10, "strategy": "Resource", "reuse_factor": 64, "activation": "softmax"}]})";

void estimate_network(benchmark::State& state, const char* description) {
  const Network network = parse_network(description, "network");
  for (auto _ : state) benchmark::DoNotOptimize(estimate(network));
}

BENCHMARK_CAPTURE(estimate_network, jets, kJets)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(estimate_network, svhn, kSvhn)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
