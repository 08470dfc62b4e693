// hls4ml's configuration with nothing left to be inferred. Names of the entries are those that
// hls4ml gives to the layers: a Dense with an activation becomes two of them, NAME and
// NAME_ACTIVATION.

#include <algorithm>

#include <nlohmann/json.hpp>

#include "espalier/pruning/export_model.hpp"
#include "espalier/resource_model/reuse_factor.hpp"

#include "exchange/keras_architecture.hpp"
#include "fixed_point/layer_types.hpp"
#include "loop/hardware_link.hpp"

namespace espalier::pruning {
namespace {

using Json = nlohmann::ordered_json;
using resource_model::Activation;
using resource_model::Layer;
using resource_model::LayerType;
using resource_model::Network;
using resource_model::Strategy;

/// Entries of the tables of softmax, and the sums over them: hls4ml's default, written out.
constexpr const char* kTableType = "ap_fixed<18,8,AP_RND,AP_SAT>";

/// Whether some multiplier of the layer has nothing but zeros.
bool has_idle_multiplier(std::span<const float> kernel, const Layer& layer) {
  const std::vector<std::uint8_t> pattern = nonzero_pattern(kernel, layer);
  const auto reuse = static_cast<std::size_t>(layer.reuse_factor);
  for (std::size_t lane = 0; lane < pattern.size(); lane += reuse) {
    const auto first = pattern.begin() + static_cast<std::ptrdiff_t>(lane);
    const auto last =
        pattern.begin() + static_cast<std::ptrdiff_t>(std::min(lane + reuse, pattern.size()));
    if (std::none_of(first, last, [](std::uint8_t kept) { return kept != 0; })) return true;
  }
  return false;
}

/// ResourceUnrolled writes every product out and leaves those with zero out. It wants a reuse
/// factor above 1 and below all weights, and convolutions to be io_stream.
Strategy export_strategy(const Network& hardware, const Layer& layer,
                         std::span<const float> kernel) {
  if (layer.strategy != Strategy::kResource || !has_idle_multiplier(kernel, layer)) {
    return layer.strategy;
  }
  Layer unrolled = layer;
  unrolled.strategy = Strategy::kResourceUnrolled;
  const bool is_supported =
      layer.reuse_factor > 1 &&
      (!layer.is_convolution() || hardware.io_type == resource_model::IoType::kStream) &&
      resource_model::is_valid_reuse_factor(unrolled, hardware.io_type, layer.reuse_factor);
  return is_supported ? Strategy::kResourceUnrolled : Strategy::kResource;
}

Json activation_entry(Activation activation, const resource_model::FixedPoint& result) {
  Json precision{{"result", to_string(result)}};
  Json entry;
  if (activation == Activation::kSoftmax) {
    for (const char* const table : {"exp_table", "inv_table", "inv_inp", "accum"}) {
      precision[table] = kTableType;
    }
    entry["Implementation"] = "stable";
  } else if (activation == Activation::kSigmoid || activation == Activation::kTanh) {
    precision["table"] = "ap_fixed<18,8>";
    entry["TableSize"] = 1024;
  }
  entry["Precision"] = std::move(precision);
  return entry;
}

/// What the kernel or pool itself gives out; the activation has an entry of its own.
Json layer_entry(const Layer& layer, const LayerTypes& types, Strategy strategy) {
  Json precision{{"result", to_string(types.sum)}};
  Json entry;
  if (layer.has_weights()) {
    precision["weight"] = to_string(layer.weight);
    precision["bias"] = to_string(layer.bias);
    entry["Strategy"] = resource_model::to_string(strategy);
    entry["ReuseFactor"] = layer.reuse_factor;
    if (layer.is_convolution()) entry["ParallelizationFactor"] = layer.parallelization_factor;
  }
  if (layer.is_convolution() || layer.is_pool()) {
    entry["ConvImplementation"] = resource_model::to_string(layer.conv_implementation);
  }
  if (layer.type != LayerType::kFlatten) precision["accum"] = to_string(types.accum);
  entry["Precision"] = std::move(precision);
  return entry;
}

}  // namespace

std::string hls4ml_configuration(const Sequential& network, const Network& described) {
  const Network hardware = with_exportable_names(described);
  const std::vector<LayerTypes> types = resolve_types(hardware);
  const std::vector<LayerLink> links = link_layers(network, hardware);
  Json layers;
  layers[input_layer_name(hardware)] = {{"Precision", {{"result", to_string(types[0].input)}}}};
  auto link = links.begin();
  for (std::size_t k = 0; k < types.size(); ++k) {
    const Layer& layer = hardware.layers[k];
    if (layer.type == LayerType::kActivation) {
      layers[layer.name] = activation_entry(layer.activation, types[k].result);
      continue;
    }
    Strategy strategy = layer.strategy;
    if (layer.has_weights()) {
      strategy = export_strategy(hardware, layer, network.kernel(link->network_layer));
      ++link;
    }
    layers[layer.name] = layer_entry(layer, types[k], strategy);
    if (layer.has_weights()) {
      layers[layer.name + "_" + std::string(keras_name(layer.activation))] =
          activation_entry(layer.activation, types[k].result);
    }
  }
  const Json config{{"KerasH5", "model.h5"},
                    {"OutputDir", "hls"},
                    {"ProjectName", "pruned"},
                    {"Backend", resource_model::to_string(hardware.backend)},
                    {"IOType", resource_model::to_string(hardware.io_type)},
                    {"Part", hardware.part},
                    {"ClockPeriod", hardware.clock_ns},
                    {"HLSConfig",
                     {{"Model",
                       {{"Precision", {{"default", to_string(types.back().result)}}},
                        {"ReuseFactor", 1},
                        {"Strategy", "Latency"}}},
                      {"LayerName", std::move(layers)}}}};
  return config.dump(2) + "\n";
}

}  // namespace espalier::pruning
