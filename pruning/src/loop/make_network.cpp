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
              "AveragePooling2D and Flatten layers with relu or linear activations");
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
                           folded.layers.back().has_weights() &&
                           folded.layers.back().activation == Activation::kLinear;
    if (is_folded) {
      folded.layers.back().activation = layer.activation;
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
  bool image = is_image_layer(hardware.layers.front());
  for (std::size_t i = 0; i < hardware.layers.size(); ++i) {
    const Layer& layer = hardware.layers[i];
    if (layer.type == LayerType::kDense && image) {
      layers.push_back({.name = layer.name + "_flatten", .type = NetLayerType::kFlatten});
    }
    image = image && layer.type != LayerType::kFlatten && layer.type != LayerType::kDense;
    const bool is_activation = layer.type == LayerType::kActivation;
    if (!is_activation) layers.push_back(net_layer(layer));
    if (layer.activation == Activation::kRelu) {
      layers.push_back(
          {.name = is_activation ? layer.name : layer.name + "_relu", .type = NetLayerType::kRelu});
    } else if (layer.activation != Activation::kLinear && i + 1 < hardware.layers.size()) {
      fail(layer, std::string("has activation ") + resource_model::to_string(layer.activation));
    }
  }
  return Sequential(input_shape(hardware.layers.front()), std::move(layers));
}

}  // namespace espalier::pruning
