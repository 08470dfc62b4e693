#include "roundtrip_cases.hpp"

#include <algorithm>
#include <map>

#include "espalier/pruning/prune.hpp"
#include "espalier/resource_model/network_io.hpp"
#include "espalier/resource_model/weight_layout.hpp"
#include "espalier/support/random.hpp"

namespace espalier::tests {
namespace {

using pruning::Sequential;
using resource_model::Layer;

struct Description {
  const char* hardware;
  double idle_lanes = 0.0;  ///< share of the multipliers whose weights are all zero
  double input_scale = 1.0;
  double weight_scale = 1.0;
  std::size_t count = 200;
};

// Each case is compiled by hls4ml, which takes some ten seconds: few cases with much in each.
const std::map<std::string, Description> kCases = {
    // The jet tagger as it is, every layer folded.
    {"jets",
     {.hardware = R"({"layers": [
       {"name": "fc1", "type": "Dense", "n_in": 16, "n_out": 64, "strategy": "Resource",
        "reuse_factor": 4, "activation": "relu"},
       {"name": "fc2", "type": "Dense", "n_out": 32, "strategy": "Resource", "reuse_factor": 8,
        "activation": "relu"},
       {"name": "fc3", "type": "Dense", "n_out": 32, "strategy": "Latency", "reuse_factor": 1,
        "activation": "relu"},
       {"name": "output", "type": "Dense", "n_out": 5, "strategy": "Resource", "reuse_factor": 2,
        "activation": "softmax"}]})",
      .count = 1000}},
    // Pruned, with reuse factors on both sides of n_in, and names that trap a search by substring.
    {"jets_pruned",
     {.hardware = R"({"backend": "Vitis", "layers": [
       {"name": "my_kernel_bias", "type": "Dense", "n_in": 16, "n_out": 64, "strategy": "Resource",
        "reuse_factor": 64, "activation": "relu", "weight": "ap_fixed<18,6,AP_RND,AP_SAT>"},
       {"name": "input_1", "type": "Dense", "n_out": 32, "strategy": "Resource", "reuse_factor": 4,
        "activation": "relu", "accum": "ap_fixed<14,6>", "result": "ap_ufixed<9,3,AP_RND,AP_SAT>"},
       {"name": "bias", "type": "Dense", "n_out": 32, "strategy": "Resource", "reuse_factor": 16,
        "accum": "ap_fixed<10,4,AP_RND,AP_SAT>", "activation": "linear"},
       {"name": "input", "type": "Dense", "n_out": 5, "strategy": "Resource", "reuse_factor": 2,
        "result": "ap_fixed<12,4>", "activation": "softmax"}]})",
      .idle_lanes = 0.6,
      .count = 1000}},
    // LeNet on a stream, its dense layers pruned; convolutions with a lane idle here and there.
    {"lenet_stream",
     {.hardware = R"({"backend": "Vitis", "io_type": "io_stream", "layers": [
       {"name": "conv1", "type": "Conv2D", "in": [28, 28, 1], "kernel": [5, 5], "filters": 6,
        "padding": "same", "strategy": "Latency", "activation": "relu"},
       {"name": "pool1", "type": "MaxPooling2D", "pool": [2, 2]},
       {"name": "conv2", "type": "Conv2D", "kernel": [5, 5], "filters": 16, "strategy": "Resource",
        "reuse_factor": 25, "activation": "relu"},
       {"name": "pool2", "type": "MaxPooling2D", "pool": [2, 2]},
       {"name": "flat", "type": "Flatten"},
       {"name": "fc1", "type": "Dense", "n_out": 120, "strategy": "Resource", "reuse_factor": 25,
        "activation": "relu"},
       {"name": "fc2", "type": "Dense", "n_out": 84, "strategy": "Resource", "reuse_factor": 12,
        "activation": "relu"},
       {"name": "output", "type": "Dense", "n_out": 10, "strategy": "Latency",
        "activation": "softmax"}], "precision": "ap_fixed<18,8>"})",
      .idle_lanes = 0.5,
      .count = 30}},
    // Everything that a parallel image can meet: strides, both paddings, both pools, mixed types.
    {"conv_parallel",
     {.hardware = R"({"backend": "Vitis", "layers": [
       {"name": "c1", "type": "Conv2D", "in": [9, 8, 2], "kernel": [3, 2], "filters": 4,
        "stride": [2, 1], "padding": "same", "strategy": "Resource", "reuse_factor": 3,
        "parallelization_factor": 2, "activation": "relu", "result": "ap_ufixed<10,4>"},
       {"name": "p1", "type": "AveragePooling2D", "pool": [2, 2], "stride": [2, 2],
        "padding": "same", "result": "ap_fixed<14,5>"},
       {"name": "c2", "type": "Conv2D", "kernel": [2, 2], "filters": 5, "strategy": "Latency",
        "accum": "ap_fixed<12,5,AP_TRN,AP_SAT>", "result": "ap_fixed<11,4>"},
       {"name": "p2", "type": "MaxPooling2D", "pool": [2, 2], "stride": [1, 1],
        "padding": "same"},
       {"name": "d", "type": "Dense", "n_out": 6, "strategy": "Latency",
        "activation": "sigmoid", "result": "ap_fixed<15,5>"}]})",
      .input_scale = 3.0,
      .weight_scale = 1.5}},
    // Small values, where cutting off shows, and types of few bits; means on a stream.
    {"conv_stream",
     {.hardware = R"({"io_type": "io_stream", "layers": [
       {"name": "c1", "type": "Conv2D", "in": [10, 10, 3], "kernel": [3, 3], "filters": 8,
        "strategy": "Resource", "reuse_factor": 9, "input": "ap_fixed<8,2,AP_RND,AP_SAT>",
        "weight": "ap_fixed<6,1>", "bias": "ap_fixed<7,2>", "activation": "relu",
        "result": "ap_ufixed<6,1,AP_RND,AP_SAT>"},
       {"name": "p1", "type": "AveragePooling2D", "pool": [2, 2], "result": "ap_fixed<9,3>"},
       {"name": "c2", "type": "Conv2D", "kernel": [3, 3], "filters": 4, "padding": "same",
        "strategy": "Latency", "reuse_factor": 1, "activation": "relu"},
       {"name": "d", "type": "Dense", "n_out": 4, "strategy": "Resource", "reuse_factor": 4,
        "activation": "tanh"}]})",
      .idle_lanes = 0.4,
      .input_scale = 2.0}},
    // A sequence, and no activation at the end.
    {"conv1d", {.hardware = R"({"layers": [
       {"name": "c1", "type": "Conv1D", "in": [12, 4], "kernel": 4, "filters": 3,
        "padding": "same", "strategy": "Latency", "activation": "relu"},
       {"name": "p1", "type": "MaxPooling1D", "pool": 2},
       {"name": "c2", "type": "Conv1D", "kernel": 3, "filters": 4, "strategy": "Resource",
        "reuse_factor": 3, "activation": "relu"},
       {"name": "d", "type": "Dense", "n_out": 3, "strategy": "Latency",
        "weight": "ap_fixed<12,3>", "result": "ap_fixed<20,8>"}]})"}},
};

std::vector<float> random_values(std::size_t count, double scale, Random& random) {
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(scale * (2.0 * random.uniform() - 1.0));
  return values;
}

void empty_lanes(std::span<float> kernel, const Layer& layer, double share, Random& random) {
  const resource_model::WeightLayout layout(layer);
  bool is_idle = false;
  std::int64_t lane = -1;
  for (std::int64_t f = 0; f < layout.num_weights(); ++f) {
    if (layout.lane(f) != lane) {
      lane = layout.lane(f);
      is_idle = random.uniform() < share;
    }
    if (is_idle) kernel[static_cast<std::size_t>(layout.framework_index(f))] = 0.0F;
  }
}

void fill(Sequential& network, const resource_model::Network& hardware, const Description& from) {
  Random random(7);
  network.initialize(11);
  auto layer = hardware.layers.begin();
  for (int i = 0; i < network.num_layers(); ++i) {
    if (!network.has_weights(i)) continue;
    while (!layer->has_weights()) ++layer;
    for (float& weight : network.kernel(i)) weight *= static_cast<float>(from.weight_scale);
    // Numbers just below zero, which the way by decimals lifts to zero.
    network.kernel(i)[0] = -1e-12F;
    std::ranges::copy(random_values(network.bias(i).size(), 0.5, random), network.bias(i).begin());
    if (from.idle_lanes > 0.0) empty_lanes(network.kernel(i), *layer, from.idle_lanes, random);
    ++layer;
  }
}

}  // namespace

std::vector<std::string> roundtrip_case_names() {
  std::vector<std::string> names;
  for (const auto& [name, description] : kCases) names.push_back(name);
  return names;
}

RoundtripCase make_roundtrip_case(const std::string& name) {
  const Description& from = kCases.at(name);
  const auto hardware = resource_model::parse_network(from.hardware, name);
  RoundtripCase made{.network = pruning::make_network(hardware),
                     .hardware = hardware,
                     .features = {},
                     .count = from.count};
  fill(made.network, hardware, from);
  Random random(3);
  std::size_t size = from.count;
  for (const int extent : made.network.input_shape()) size *= static_cast<std::size_t>(extent);
  made.features = random_values(size, from.input_scale, random);
  return made;
}

}  // namespace espalier::tests
