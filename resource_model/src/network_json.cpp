#include <nlohmann/json.hpp>

#include "espalier/resource_model/network_io.hpp"

#include "names.hpp"

namespace espalier::resource_model {
namespace {

using Json = nlohmann::ordered_json;

void write_sizes(const Layer& layer, Json& out) {
  if (layer.type == LayerType::kDense) {
    out["n_in"] = layer.n_in;
    out["n_out"] = layer.n_out;
    if (layer.packets != 1) out["packets"] = layer.packets;
    return;
  }
  if (layer.input[2] == 0) {
    out["in"] = {layer.n_in};
    return;
  }
  out["in"] = layer.input;
  if (!layer.is_convolution() && !layer.is_pool()) return;
  const char* const window = layer.is_pool() ? "pool" : "kernel";
  if (layer.type == LayerType::kConv1D) {
    out[window] = layer.kernel[1];
    out["stride"] = layer.stride[1];
  } else {
    out[window] = layer.kernel;
    out["stride"] = layer.stride;
  }
  out["padding"] = layer.padding == Padding::kSame ? "same" : "valid";
  if (layer.conv_implementation != ConvImplementation::kLineBuffer) {
    out["conv_implementation"] = to_string(layer.conv_implementation);
  }
  if (layer.is_convolution() && layer.type != LayerType::kDepthwiseConv2D) {
    out["filters"] = layer.filters;
  }
}

Json to_json(const Layer& layer) {
  Json out{{"name", layer.name}, {"type", to_string(layer.type)}};
  write_sizes(layer, out);
  if (layer.has_weights()) {
    out["strategy"] = to_string(layer.strategy);
    out["reuse_factor"] = layer.reuse_factor;
    if (layer.is_convolution()) out["parallelization_factor"] = layer.parallelization_factor;
  }
  if (layer.has_weights() || layer.type == LayerType::kBatchNormalization) {
    out["weight"] = to_string(layer.weight);
    out["bias"] = to_string(layer.bias);
    if (layer.accum) out["accum"] = to_string(*layer.accum);
  }
  out["input"] = to_string(layer.input_type);
  out["result"] = to_string(layer.result);
  out["activation"] = to_string(layer.activation);
  return out;
}

void add_dropout(const std::string& before, double rate, Json& layers) {
  if (rate == 0.0) return;
  layers.push_back({{"name", before + "_dropout"}, {"type", kDropoutName}, {"rate", rate}});
}

}  // namespace

std::string network_to_json(const Network& network) {
  Json out{{"io_type", to_string(network.io_type)},
           {"backend", to_string(network.backend)},
           {"part", network.part},
           {"clock_ns", network.clock_ns},
           {"connected", network.connected}};
  Json layers = Json::array();
  add_dropout("input", network.input_dropout_rate, layers);
  for (const Layer& layer : network.layers) {
    layers.push_back(to_json(layer));
    add_dropout(layer.name, layer.dropout_rate, layers);
  }
  out["layers"] = std::move(layers);
  return out.dump(2) + "\n";
}

}  // namespace espalier::resource_model
