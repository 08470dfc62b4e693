#include <string>
#include <utility>
#include <vector>

#include "espalier/pruning/prune.hpp"
#include "espalier/support/error.hpp"

namespace espalier::pruning {
namespace {

using resource_model::Activation;
using resource_model::Layer;
using resource_model::LayerType;

[[noreturn]] void fail(const Layer& layer, const std::string& found) {
  throw Error("layer " + layer.name + " " + found +
              "; networks to prune have Dense, Conv1D, Conv2D, BatchNormalization, MaxPooling2D, "
              "AveragePooling2D, Flatten and Dropout layers with relu or linear activations");
}

/// Whether a batch normalisation behind this layer can become part of it.
bool takes_norm(const Layer& layer) {
  return layer.has_weights() && layer.activation == Activation::kLinear &&
         layer.dropout_rate == 0.0;
}

void add_dropout(const std::string& before, double rate, std::vector<NetLayer>& layers) {
  if (rate == 0.0) return;
  layers.push_back({.name = before + "_dropout",
                    .type = NetLayerType::kDropout,
                    .dropout_rate = static_cast<float>(rate)});
}

NetLayerType type_of(const Layer& layer) {
  switch (layer.type) {
    case LayerType::kDense:
      return NetLayerType::kDense;
    case LayerType::kConv1D:  // a sequence is an image of height 1
    case LayerType::kConv2D:
      return NetLayerType::kConv2D;
    case LayerType::kMaxPooling:
      return NetLayerType::kMaxPool2D;
    case LayerType::kAveragePooling:
      return NetLayerType::kAveragePool2D;
    case LayerType::kFlatten:
      return NetLayerType::kFlatten;
    case LayerType::kBatchNormalization:
      return NetLayerType::kBatchNorm;
    case LayerType::kActivation:
      return NetLayerType::kRelu;
    default:
      fail(layer, std::string("is a ") + resource_model::to_string(layer.type));
  }
}

bool is_image_layer(const Layer& layer) {
  return layer.type == LayerType::kConv1D || layer.type == LayerType::kConv2D ||
         layer.type == LayerType::kMaxPooling || layer.type == LayerType::kAveragePooling;
}

NetLayer net_layer(const Layer& layer) {
  return {.name = layer.name,
          .type = type_of(layer),
          .units = layer.fan_out(),
          .window = layer.kernel,
          .stride = layer.stride,
          .padding = layer.padding == resource_model::Padding::kSame ? NetPadding::kSame
                                                                     : NetPadding::kValid};
}

std::vector<int> input_shape(const Layer& first) {
  if (is_image_layer(first)) return {first.input.begin(), first.input.end()};
  if (first.type == LayerType::kDense) return {first.n_in};
  fail(first, std::string("comes first and is a ") + resource_model::to_string(first.type));
}

}  // namespace

resource_model::Network fold_batch_norm(const resource_model::Network& hardware) {
  resource_model::Network folded = hardware;
  folded.layers.clear();
  for (const Layer& layer : hardware.layers) {
    const bool is_folded = layer.type == LayerType::kBatchNormalization && !folded.layers.empty() &&
                           takes_norm(folded.layers.back());
    if (is_folded) {
      folded.layers.back().activation = layer.activation;
      folded.layers.back().dropout_rate = layer.dropout_rate;
      folded.layers.back().result = layer.result;
    } else {
      folded.layers.push_back(layer);
    }
  }
  return folded;
}

Sequential make_network(const resource_model::Network& hardware) {
  if (hardware.layers.empty()) throw Error("the hardware description has no layers; expected some");
  std::vector<NetLayer> layers;
  add_dropout("input", hardware.input_dropout_rate, layers);
  bool image = is_image_layer(hardware.layers.front());
  for (std::size_t i = 0; i < hardware.layers.size(); ++i) {
    const Layer& layer = hardware.layers[i];
    if (layer.type == LayerType::kDense && image) {
      layers.push_back({.name = layer.name + "_flatten", .type = NetLayerType::kFlatten});
    }
    image = image && layer.type != LayerType::kFlatten && layer.type != LayerType::kDense;
    const bool is_norm = layer.type == LayerType::kBatchNormalization;
    if (is_norm && (i == 0 || !takes_norm(hardware.layers[i - 1]))) {
      throw Error("layer " + layer.name +
                  " normalises what is no sum; expected it right behind a layer with weights and "
                  "linear activation, of which it becomes a part");
    }
    const bool is_activation = layer.type == LayerType::kActivation;
    if (!is_activation) layers.push_back(net_layer(layer));
    if (layer.activation == Activation::kRelu) {
      layers.push_back(
          {.name = is_activation ? layer.name : layer.name + "_relu", .type = NetLayerType::kRelu});
    } else if (layer.activation != Activation::kLinear && i + 1 < hardware.layers.size()) {
      fail(layer, std::string("has activation ") + resource_model::to_string(layer.activation));
    }
    add_dropout(layer.name, layer.dropout_rate, layers);
  }
  return Sequential(input_shape(hardware.layers.front()), std::move(layers));
}

}  // namespace espalier::pruning
