// Keras architectures (the JSON of model.to_json()) with hls4ml's configuration, rewritten as our
// own network description, so that defaults, inference and errors are those of network_reader.cpp.

#include "keras_reader.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "espalier/resource_model/network_io.hpp"
#include "espalier/support/error.hpp"

#include "names.hpp"

namespace espalier::resource_model {
namespace {

using Json = nlohmann::json;

[[noreturn]] void refuse(const std::string& file, const std::string& layer,
                         const std::string& message) {
  throw Error(file, 0, (layer.empty() ? "" : "layer '" + layer + "': ") + message);
}

/// object[key] if both exist, else null.
const Json& at_or_null(const Json& object, const char* key) {
  static const Json null;
  if (!object.is_object()) return null;
  const auto found = object.find(key);
  return found == object.end() ? null : *found;
}

/// What hls4ml's configuration says, in the places where hls4ml looks for it.
class Settings {
 public:
  Settings(const Json& document, std::string file) : document_(document), file_(std::move(file)) {
    if (document.is_null()) return;
    if (!document.is_object()) throw Error(file_, 0, "expected an hls4ml configuration object");
    hls_config_ = &at_or_null(document, "HLSConfig");
    if (!hls_config_->is_object()) {
      throw Error(file_, 0, "field 'HLSConfig' is missing; expected an hls4ml configuration");
    }
  }

  void apply_to_network(Json& network) const {
    copy(document_, "IOType", network, "io_type");
    copy_backend(network);
    copy(document_, "Part", network, "part");
    copy(document_, "ClockPeriod", network, "clock_ns");
    if (hls_config_ == nullptr) return;
    const Json& precision = at_or_null(at_or_null(*hls_config_, "Model"), "Precision");
    const Json& value = precision.is_object() ? at_or_null(precision, "default") : precision;
    if (!value.is_null() && value != "auto") network["precision"] = value;
  }

  /// The model's settings, those of the layer's type and its own; later ones win. An activation
  /// within the layer is a layer of its own to hls4ml, `fc1_relu`, whose result is then the
  /// layer's.
  void apply_to_layer(const std::string& name, Json& layer) const {
    const bool is_folded =
        layer.contains("filters") || layer.contains("n_out") || layer["type"] == "DepthwiseConv2D";
    if (is_folded) layer["strategy"] = "Latency";
    if (hls_config_ == nullptr) return;
    const std::string type = layer["type"].get<std::string>();
    const Json& of_type = at_or_null(at_or_null(*hls_config_, "LayerType"), type.c_str());
    const Json& own = of_name(name);
    for (const Json* from : {&at_or_null(*hls_config_, "Model"), &of_type, &own}) {
      if (is_folded) apply_folding(*from, layer);
      if (layer.contains("kernel") || layer.contains("pool")) {
        copy(*from, "ConvImplementation", layer, "conv_implementation");
      }
    }
    for (const Json* from : {&of_type, &own}) apply_types(at_or_null(*from, "Precision"), layer);
    const Json& activation = at_or_null(layer, "activation");
    if (!activation.is_string() || type == "Activation") return;
    if (const auto result = result_of(name + "_" + activation.get<std::string>())) {
      layer["result"] = *result;
    }
  }

  /// The type of the network's inputs, where the entry of the input layer gives it.
  void apply_to_input(const std::string& name, Json& layer) const {
    if (const auto type = result_of(name)) layer["input"] = *type;
  }

  /// Names in `LayerName` must be layers of the model, or what hls4ml makes of one: the activation
  /// of layer `fc1` becomes `fc1_relu`.
  void require_layers(const std::vector<std::string>& layers) const {
    if (hls_config_ == nullptr) return;
    const Json& entries = at_or_null(*hls_config_, "LayerName");
    if (!entries.is_object()) return;
    for (const auto& entry : entries.items()) {
      const std::string& name = entry.key();
      const bool is_known = std::any_of(
          layers.begin(), layers.end(),
          [&](const std::string& layer) { return name == layer || name.starts_with(layer + "_"); });
      if (is_known) continue;
      std::string all;
      for (const std::string& layer : layers) all += (all.empty() ? "" : ", ") + layer;
      refuse(file_, name, "is in 'LayerName' but not in the model; expected one of " + all);
    }
  }

 private:
  const Json& of_name(const std::string& name) const {
    return at_or_null(at_or_null(*hls_config_, "LayerName"), name.c_str());
  }

  std::optional<std::string> result_of(const std::string& name) const {
    if (hls_config_ == nullptr) return {};
    const Json& precision = at_or_null(of_name(name), "Precision");
    const Json& type = precision.is_object() ? at_or_null(precision, "result") : precision;
    if (!type.is_string() || type == "auto") return {};
    return type.get<std::string>();
  }

  /// A single type is for all that a quantiser of the model has not decided.
  static void apply_types(const Json& precision, Json& layer) {
    const bool has_weights = layer.contains("strategy") || layer["type"] == "BatchNormalization";
    for (const char* const field : {"weight", "bias", "accum", "result"}) {
      if (!has_weights && std::string_view(field) != "result") continue;
      const bool is_decided = layer.contains(field) && std::string_view(field) != "result";
      if (precision.is_string() && precision != "auto" && !is_decided) layer[field] = precision;
      const Json& type = at_or_null(precision, field);
      if (type.is_string() && type != "auto") layer[field] = type;
    }
  }

  /// Backends that wrap Vivado HLS or Vitis HLS into a kernel of an accelerator build the same
  /// layers.
  void copy_backend(Json& network) const {
    const Json& backend = at_or_null(document_, "Backend");
    if (backend.is_null()) return;
    network["backend"] = backend;
    if (!backend.is_string()) return;
    for (const char* const tool : {"Vivado", "Vitis"}) {
      if (backend.get<std::string>().starts_with(tool)) network["backend"] = tool;
    }
  }

  static void copy(const Json& from, const char* key, Json& to, const char* field) {
    const Json& value = at_or_null(from, key);
    if (!value.is_null()) to[field] = value;
  }

  static void apply_folding(const Json& from, Json& layer) {
    copy(from, "ReuseFactor", layer, "reuse_factor");
    copy(from, "Strategy", layer, "strategy");
    if (layer.contains("filters")) {
      copy(from, "ParallelizationFactor", layer, "parallelization_factor");
    }
    if (layer.contains("strategy") && layer["strategy"].is_string()) {
      layer["strategy"] = spelt(layer["strategy"].get<std::string>());
    }
  }

  /// hls4ml takes strategies in any case, our format in one.
  static std::string spelt(const std::string& strategy) {
    std::string small;
    for (const char c : strategy) small += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    if (small == "latency") return "Latency";
    if (small == "resource") return "Resource";
    if (small == "resourceunrolled" || small == "resource_unrolled") return "ResourceUnrolled";
    return strategy;
  }

  const Json& document_;
  std::string file_;
  const Json* hls_config_ = nullptr;
};

/// A QKeras quantiser, written as text, "quantized_relu(6, 0)", or as an object.
struct Quantizer {
  bool is_relu = false;
  int bits = 0;
  int integer = 0;  ///< without the sign, as QKeras counts

  std::string type() const {
    return std::string(is_relu ? "ap_ufixed<" : "ap_fixed<") + std::to_string(bits) + "," +
           std::to_string(is_relu ? integer : integer + 1) + ">";
  }
};

/// An integer of the file, cut to what no type allows: the parser of types refuses it by name.
int as_width(const Json& value) {
  constexpr std::int64_t kBeyondAnyType = 1 << 20;
  return static_cast<int>(std::clamp(value.get<std::int64_t>(), -kBeyondAnyType, kBeyondAnyType));
}

std::optional<Quantizer> read_quantizer(const Json& value) {
  Quantizer quantizer;
  std::string name;
  if (value.is_string()) {
    const std::string text = value.get<std::string>();
    name = text.substr(0, text.find('('));
    const char* const arguments = text.c_str() + name.size();
    if (std::sscanf(arguments, "(%9d,%9d", &quantizer.bits, &quantizer.integer) < 1) return {};
  } else {
    const Json& config = at_or_null(value, "config");
    const Json& type = at_or_null(value, "class_name");
    const Json& bits = at_or_null(config, "bits");
    const Json& integer = at_or_null(config, "integer");
    if (!type.is_string() || !bits.is_number_integer() || !integer.is_number_integer()) return {};
    name = type.get<std::string>();
    quantizer.bits = as_width(bits);
    quantizer.integer = as_width(integer);
  }
  quantizer.is_relu = name == "quantized_relu";
  if (!quantizer.is_relu && name != "quantized_bits") return {};
  return quantizer;
}

/// The function of a quantised activation, and the type that it leaves; false when it is none.
bool set_quantized_activation(const Json& activation, Json& layer) {
  const std::optional<Quantizer> quantizer = read_quantizer(activation);
  if (!quantizer) return false;
  layer["activation"] = quantizer->is_relu ? "relu" : "linear";
  // QKeras rounds to the nearest value and stays within the range.
  const std::string type = quantizer->type();
  layer["result"] = type.substr(0, type.size() - 1) + ",AP_RND,AP_SAT>";
  return true;
}

/// Keras layers that cost nothing on an FPGA.
bool is_transparent(const std::string& type) {
  return type == "InputLayer" || type == "ActivityRegularization" || type == "GaussianNoise";
}

Json describe_layer(const std::string& file, const std::string& name, const std::string& keras_type,
                    const Json& config) {
  const std::string type = keras_type.starts_with("Q") ? keras_type.substr(1) : keras_type;
  Json layer{{"name", name}, {"type", type}};
  const auto copy = [&](const char* key, const char* field) {
    const Json& value = at_or_null(config, key);
    if (!value.is_null()) layer[field] = value;
  };
  const bool is_conv = type.find("Conv") != std::string::npos;
  const bool is_pool = type.find("Pooling") != std::string::npos;
  if (type == "Dense") copy("units", "n_out");
  if (is_conv) copy("kernel_size", "kernel");
  if (is_conv && type != "DepthwiseConv2D") copy("filters", "filters");
  if (is_pool && !type.starts_with("Global")) copy("pool_size", "pool");
  if (layer.contains("kernel") || layer.contains("pool")) {
    copy("strides", "stride");
    copy("padding", "padding");
  }
  if (at_or_null(config, "data_format") == "channels_first") {
    refuse(file, name, "data_format is \"channels_first\"; expected \"channels_last\"");
  }
  const Json& activation = at_or_null(config, "activation");
  const bool is_quantized = set_quantized_activation(activation, layer);
  if (keras_type == "QActivation") {
    if (!is_quantized) {
      refuse(file, name,
             "its quantiser is none of quantized_relu(bits, integer) and quantized_bits");
    }
    layer["type"] = "Activation";
  } else if (type == "Softmax" || type == "ReLU") {
    layer["type"] = "Activation";
    layer["activation"] = type == "ReLU" ? "relu" : "softmax";
  } else if (activation.is_string() && !is_quantized) {
    layer["activation"] = activation;
  }
  if (const auto weight = read_quantizer(at_or_null(config, "kernel_quantizer"))) {
    layer["weight"] = weight->type();
  }
  if (const auto bias = read_quantizer(at_or_null(config, "bias_quantizer"))) {
    layer["bias"] = bias->type();
  }
  return layer;
}

const Json& layers_of(const Json& model, const std::string& file) {
  const Json& config = at_or_null(model, "config");
  const Json& layers = config.is_array() ? config : at_or_null(config, "layers");
  if (!layers.is_array() || layers.empty()) refuse(file, "", "expected a Keras model with layers");
  return layers;
}

/// Every layer must take its input from the one before it.
void require_chain(const std::string& file, const std::string& name, const Json& layer,
                   const std::string& before) {
  const Json& nodes = at_or_null(layer, "inbound_nodes");
  if (!nodes.is_array() || nodes.empty()) return;
  const Json& inputs = nodes.front();
  const bool is_single = nodes.size() == 1 && inputs.is_array() && inputs.size() == 1 &&
                         inputs.front().is_array() && !inputs.front().empty() &&
                         inputs.front().front() == before;
  if (!is_single) {
    refuse(file, name, "its input is not the layer before it; expected a plain chain of layers");
  }
}

/// [null, 28, 28, 1] -> the first layer's size field.
void set_input_shape(const std::string& file, const Json& shape, Json& layer) {
  Json sizes = Json::array();
  for (std::size_t k = 1; k < shape.size(); ++k) sizes.push_back(shape[k]);
  const std::string name = layer["name"].get<std::string>();
  if (sizes.empty()) refuse(file, name, "its input shape has no sizes");
  if (layer["type"] != "Dense") {
    layer["in"] = sizes;
    return;
  }
  if (sizes.size() != 1)
    refuse(file, name, "a Dense layer on an image; expected Flatten before it");
  layer["n_in"] = sizes.front();
}

}  // namespace

bool is_keras_model(const Json& document) {
  return document.is_object() && document.contains("class_name") && document.contains("config");
}

Network keras_network(const Json& model, const std::string& file, const Json& hls4ml_config,
                      const std::string& config_file) {
  const Settings settings(hls4ml_config, config_file);
  Json network{{"layers", Json::array()}};
  settings.apply_to_network(network);
  Json shape;
  std::string before;
  std::string input_name;
  bool is_first = true;
  std::vector<std::string> names;
  for (const Json& entry : layers_of(model, file)) {
    const Json& type = at_or_null(entry, "class_name");
    const Json& config = at_or_null(entry, "config");
    const Json& name = at_or_null(config, "name");
    if (!type.is_string() || !name.is_string()) {
      refuse(file, "", "a layer has no class_name or no name; expected a Keras model");
    }
    if (!before.empty()) require_chain(file, name.get<std::string>(), entry, before);
    before = name.get<std::string>();
    names.push_back(before);
    for (const char* const key : {"batch_input_shape", "batch_shape"}) {
      if (shape.is_null() && at_or_null(config, key).is_array()) shape = config.at(key);
    }
    if (type == "InputLayer") input_name = before;
    if (is_transparent(type.get<std::string>())) continue;
    if (type == kDropoutName) {
      const Json& rate = at_or_null(config, "rate");
      if (rate.is_number()) {
        network["layers"].push_back({{"name", before}, {"type", kDropoutName}, {"rate", rate}});
      }
      continue;
    }
    Json layer = describe_layer(file, before, type.get<std::string>(), config);
    settings.apply_to_layer(before, layer);
    if (std::exchange(is_first, false)) {
      set_input_shape(file, shape, layer);
      settings.apply_to_input(input_name, layer);
    }
    network["layers"].push_back(std::move(layer));
  }
  settings.require_layers(names);
  return parse_network(network.dump(-1, ' ', false, Json::error_handler_t::replace), file);
}

}  // namespace espalier::resource_model
