#include "exchange/keras_architecture.hpp"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "espalier/support/error.hpp"

namespace espalier::pruning {
namespace {

using Json = nlohmann::ordered_json;
using resource_model::Activation;
using resource_model::Layer;
using resource_model::LayerType;
using resource_model::Network;

Json entry(const char* class_name, const std::string& name, Json config) {
  Json all{{"name", name}, {"trainable", true}, {"dtype", "float32"}};
  all.update(config);
  return {{"class_name", class_name}, {"config", std::move(all)}};
}

/// Sequences are images of height 1 in the hardware; Keras has layers of their own for them.
bool is_sequence(const Network& hardware) {
  return std::any_of(hardware.layers.begin(), hardware.layers.end(),
                     [](const Layer& layer) { return layer.type == LayerType::kConv1D; });
}

Json sizes(const std::array<int, 2>& window, bool sequence) {
  return sequence ? Json{window[1]} : Json{window[0], window[1]};
}

/// Sizes that convolutions and pools have in common.
Json window_config(const Layer& layer, const char* window, bool sequence) {
  return {{window, sizes(layer.kernel, sequence)},
          {"strides", sizes(layer.stride, sequence)},
          {"padding", layer.padding == resource_model::Padding::kSame ? "same" : "valid"},
          {"data_format", "channels_last"}};
}

Json layer_entry(const Layer& layer, bool sequence) {
  const std::string activation(keras_name(layer.activation));
  switch (layer.type) {
    case LayerType::kDense:
      return entry("Dense", layer.name,
                   {{"units", layer.n_out}, {"activation", activation}, {"use_bias", true}});
    case LayerType::kConv1D:
    case LayerType::kConv2D: {
      Json config = window_config(layer, "kernel_size", sequence);
      config.update(Json{{"filters", layer.filters},
                         {"dilation_rate", sizes({1, 1}, sequence)},
                         {"groups", 1},
                         {"activation", activation},
                         {"use_bias", true}});
      return entry(sequence ? "Conv1D" : "Conv2D", layer.name, std::move(config));
    }
    case LayerType::kMaxPooling:
      return entry(sequence ? "MaxPooling1D" : "MaxPooling2D", layer.name,
                   window_config(layer, "pool_size", sequence));
    case LayerType::kAveragePooling:
      return entry(sequence ? "AveragePooling1D" : "AveragePooling2D", layer.name,
                   window_config(layer, "pool_size", sequence));
    case LayerType::kFlatten:
      return entry("Flatten", layer.name, {{"data_format", "channels_last"}});
    case LayerType::kActivation:
      return entry("Activation", layer.name, {{"activation", activation}});
    default:
      throw Error("layer " + layer.name + " is a " + resource_model::to_string(layer.type) +
                  "; expected a layer that can be exported to Keras");
  }
}

Json input_entry(const Network& hardware, bool sequence) {
  const Layer& first = hardware.layers.front();
  Json shape{nullptr};
  if (first.type == LayerType::kDense || first.input[2] == 0) {
    shape.push_back(first.n_in);
  } else {
    for (std::size_t k = sequence ? 1 : 0; k < 3; ++k) shape.push_back(first.input[k]);
  }
  return {{"class_name", "InputLayer"},
          {"config",
           {{"batch_input_shape", std::move(shape)},
            {"dtype", "float32"},
            {"sparse", false},
            {"ragged", false},
            {"name", input_layer_name(hardware)}}}};
}

}  // namespace

std::string_view keras_name(Activation activation) noexcept {
  return resource_model::to_string(activation);
}

Network with_exportable_names(Network hardware) {
  std::set<std::string> taken = {"input"};
  for (Layer& layer : hardware.layers) {
    const std::string activation = "_" + std::string(keras_name(layer.activation));
    for (char& c : layer.name) {
      const bool is_plain =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
      if (!is_plain) c = '_';
    }
    if (layer.name.empty() || (layer.name[0] >= '0' && layer.name[0] <= '9')) {
      layer.name.insert(0, "layer_");
    }
    while (taken.contains(layer.name) || taken.contains(layer.name + activation)) {
      layer.name += "_layer";
    }
    taken.insert(layer.name);
    if (layer.has_weights()) taken.insert(layer.name + activation);
  }
  return hardware;
}

std::string input_layer_name(const Network& hardware) {
  for (int number = 1;; ++number) {
    const std::string name = "input_" + std::to_string(number);
    const bool is_taken = std::any_of(hardware.layers.begin(), hardware.layers.end(),
                                      [&](const Layer& layer) { return layer.name == name; });
    if (!is_taken) return name;
  }
}

std::string keras_architecture(const Network& hardware) {
  const bool sequence = is_sequence(hardware);
  Json layers{input_entry(hardware, sequence)};
  bool is_image =
      hardware.layers.front().type != LayerType::kDense && hardware.layers.front().input[2] != 0;
  for (const Layer& layer : hardware.layers) {
    if (layer.type == LayerType::kDense && is_image) {
      layers.push_back(
          entry("Flatten", layer.name + "_flatten", {{"data_format", "channels_last"}}));
    }
    is_image = is_image && layer.type != LayerType::kDense && layer.type != LayerType::kFlatten;
    layers.push_back(layer_entry(layer, sequence));
  }
  const Json model{{"class_name", "Sequential"},
                   {"config", {{"name", "pruned"}, {"layers", std::move(layers)}}},
                   {"keras_version", "2.15.0"},
                   {"backend", "tensorflow"}};
  return model.dump();
}

}  // namespace espalier::pruning
