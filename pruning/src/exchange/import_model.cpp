#include "espalier/pruning/import_model.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "espalier/pruning/prune.hpp"
#include "espalier/resource_model/network_io.hpp"
#include "espalier/support/error.hpp"

#include "exchange/fold_normalisation.hpp"
#include "exchange/keras_layers.hpp"
#include "exchange/onnx_reader.hpp"
#include "exchange/tensor_file.hpp"
#include "loop/hardware_link.hpp"

namespace espalier::pruning {
namespace {

using resource_model::Layer;
using resource_model::LayerType;
using resource_model::Network;
namespace fs = std::filesystem;

bool is_onnx_file(const fs::path& file) { return file.extension() == ".onnx"; }

std::string read_text(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw Error(file.string(), 0, "cannot be opened; expected a model");
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (stream.bad()) throw Error(file.string(), 0, "cannot be read to its end");
  return text;
}

/// Architecture and weights, wherever they are.
TensorFile read_model(const fs::path& model, const fs::path& weights) {
  if (is_onnx_file(model)) return read_onnx(model);
  if (is_hdf5_file(model)) {
    TensorFile file = read_keras_hdf5(model);
    if (file.architecture.empty()) {
      throw Error(model.string(), 0,
                  "holds weights without an architecture; expected the file of Model.save(), or "
                  "the architecture as JSON beside it");
    }
    return file;
  }
  TensorFile file{.architecture = read_text(model), .tensors = {}};
  if (!weights.empty()) file.tensors = read_keras_hdf5(weights).tensors;
  return file;
}

/// A description of our own has its layers at the top; hls4ml's configuration does not.
bool is_description(const fs::path& config) {
  return !config.empty() && read_text(config).find("\"HLSConfig\"") == std::string::npos;
}

LayerParameters read_parameters(const Layer& layer, const KerasLayer& keras,
                                const TensorFile& weights, const std::string& file) {
  const auto outputs = static_cast<std::size_t>(layer.fan_out());
  LayerParameters result;
  result.kernel = find_tensor(weights, file, layer.name, "kernel",
                              static_cast<std::size_t>(layer.num_weights()));
  result.bias = keras.use_bias ? find_tensor(weights, file, layer.name, "bias", outputs)
                               : std::vector<float>(outputs, 0.0F);
  const auto quantize = [](std::vector<float>& values, const auto& quantizer) {
    if (!quantizer) return;
    for (float& value : values) value = quantizer->apply(value);
  };
  quantize(result.kernel, keras.kernel_quantizer);
  quantize(result.bias, keras.bias_quantizer);
  return result;
}

ChannelScaling read_scaling(const Layer& layer, const KerasLayer& keras, const TensorFile& weights,
                            const std::string& file) {
  const auto channels = static_cast<std::size_t>(layer.input[2] != 0 ? layer.input[2] : layer.n_in);
  const auto tensor = [&](const char* name, bool exists, float otherwise) {
    return exists ? find_tensor(weights, file, layer.name, name, channels)
                  : std::vector<float>(channels, otherwise);
  };
  const std::vector<float> gamma = tensor("gamma", keras.has_scale, 1.0F);
  const std::vector<float> beta = tensor("beta", keras.has_shift, 0.0F);
  const std::vector<float> mean = tensor("moving_mean", true, 0.0F);
  const std::vector<float> variance = tensor("moving_variance", true, 1.0F);
  ChannelScaling scaling;
  for (std::size_t c = 0; c < channels; ++c) {
    const double spread = static_cast<double>(variance[c]) + keras.epsilon;
    const double factor = static_cast<double>(gamma[c]) / std::sqrt(spread);
    if (!(spread > 0.0) || !std::isfinite(factor)) {
      throw Error(file, 0, "layer '" + layer.name + "': its variance is not above 0");
    }
    scaling.factor.push_back(factor);
    scaling.shift.push_back(static_cast<double>(beta[c]) - factor * static_cast<double>(mean[c]));
  }
  return scaling;
}

const KerasLayer& layer_named(const std::vector<KerasLayer>& layers, const std::string& name,
                              const std::string& file) {
  const auto found = std::find_if(layers.begin(), layers.end(),
                                  [&](const KerasLayer& layer) { return layer.name == name; });
  if (found == layers.end()) throw Error(file, 0, "layer '" + name + "' has no description");
  return *found;
}

/// Fills in all parameters and merges the normalisations; `hardware` loses their layers.
std::vector<LayerParameters> gather_parameters(Network& hardware,
                                               const std::vector<KerasLayer>& layers,
                                               const TensorFile& weights, const std::string& file) {
  std::vector<LayerParameters> parameters(hardware.layers.size());
  for (std::size_t k = 0; k < hardware.layers.size(); ++k) {
    const Layer& layer = hardware.layers[k];
    if (!layer.has_weights()) continue;
    if (layer.type != LayerType::kDense && layer.type != LayerType::kConv1D &&
        layer.type != LayerType::kConv2D) {
      throw Error(file, 0,
                  "layer '" + layer.name + "': " + resource_model::to_string(layer.type) +
                      " is not supported; expected Dense, Conv1D or Conv2D");
    }
    parameters[k] = read_parameters(layer, layer_named(layers, layer.name, file), weights, file);
  }
  for (std::size_t k = 0; k < hardware.layers.size();) {
    if (hardware.layers[k].type != LayerType::kBatchNormalization) {
      ++k;
      continue;
    }
    const KerasLayer& own = layer_named(layers, hardware.layers[k].name, file);
    fold_scaling(hardware, parameters, k, read_scaling(hardware.layers[k], own, weights, file),
                 file);
  }
  return parameters;
}

Sequential make_trained(const Network& hardware, const std::vector<LayerParameters>& parameters,
                        const std::string& file) {
  try {
    Sequential network = make_network(hardware);
    for (const LayerLink& link : link_layers(network, hardware)) {
      const auto& from = parameters[static_cast<std::size_t>(link.hardware_layer)];
      std::ranges::copy(from.kernel, network.kernel(link.network_layer).begin());
      std::ranges::copy(from.bias, network.bias(link.network_layer).begin());
    }
    return network;
  } catch (const Error& error) {
    throw Error(file, 0, error.message());
  }
}

}  // namespace

bool is_hdf5_file(const fs::path& file) {
  constexpr std::array<char, 8> kSignature = {'\x89', 'H', 'D', 'F', '\r', '\n', '\x1a', '\n'};
  std::array<char, 8> begin{};
  std::ifstream stream(file, std::ios::binary);
  return stream.read(begin.data(), begin.size()) && begin == kSignature;
}

bool is_foreign_model(const fs::path& file) { return is_onnx_file(file) || is_hdf5_file(file); }

ImportedModel import_model(const fs::path& model, const fs::path& config, const fs::path& weights) {
  const std::string name = model.string();
  const TensorFile file = read_model(model, weights);
  if (file.tensors.empty() && weights.empty() && !is_foreign_model(model)) {
    throw Error(name, 0, "is an architecture without weights; expected the HDF5 file of them too");
  }
  const std::vector<KerasLayer> layers = read_keras_layers(file.architecture, name);
  const bool described = is_description(config);
  Network hardware =
      resource_model::parse_keras_network(file.architecture, name, described ? fs::path() : config);
  const auto parameters =
      gather_parameters(hardware, layers, file, weights.empty() ? name : weights.string());
  Sequential network = make_trained(hardware, parameters, name);
  if (described) {
    hardware = resource_model::read_network(config);
    link_layers(network, hardware);  // throws where sizes differ
  }
  return {.hardware = std::move(hardware), .network = std::move(network)};
}

Network import_hardware(const fs::path& model, const fs::path& config) {
  const TensorFile file = read_model(model, {});
  read_keras_layers(file.architecture, model.string());  // refuses what cannot be
  return resource_model::parse_keras_network(file.architecture, model.string(), config);
}

}  // namespace espalier::pruning
