#include "task_networks.hpp"

#include <array>
#include <utility>

#include "espalier/resource_model/reuse_factor.hpp"

namespace espalier::app {
namespace {

using resource_model::Activation;
using resource_model::FixedPoint;
using resource_model::Layer;
using resource_model::LayerType;
using resource_model::Strategy;

Layer dense(const char* name, int n_in, int n_out, Activation activation) {
  Layer layer;
  layer.name = name;
  layer.type = LayerType::kDense;
  layer.n_in = n_in;
  layer.n_out = n_out;
  layer.activation = activation;
  return layer;
}

Layer convolution(const char* name, std::array<int, 3> input, int window, int filters,
                  resource_model::Padding padding) {
  Layer layer;
  layer.name = name;
  layer.type = LayerType::kConv2D;
  layer.input = input;
  layer.kernel = {window, window};
  layer.filters = filters;
  layer.padding = padding;
  layer.activation = Activation::kRelu;
  return layer;
}

Layer pool(const char* name, std::array<int, 3> input) {
  Layer layer;
  layer.name = name;
  layer.type = LayerType::kMaxPooling;
  layer.input = input;
  layer.kernel = {2, 2};
  layer.stride = {2, 2};
  return layer;
}

void fold(Layer& layer, Strategy strategy, int reuse_factor) {
  layer.strategy = strategy;
  layer.reuse_factor = reuse_factor;
}

void set_precision(resource_model::Network& network, const FixedPoint& type) {
  for (Layer& layer : network.layers) {
    layer.weight = layer.bias = layer.input_type = layer.result = type;
  }
}

/// Three hidden layers of 64, 32 and 32, 16 bit, strategy Resource, RF 4 or the nearest valid.
resource_model::Network perceptron(int inputs, int classes) {
  resource_model::Network network;
  network.layers = {
      dense("fc1", inputs, 64, Activation::kRelu), dense("fc2", 64, 32, Activation::kRelu),
      dense("fc3", 32, 32, Activation::kRelu), dense("output", 32, classes, Activation::kSoftmax)};
  for (Layer& layer : network.layers) fold(layer, Strategy::kResource, 4);
  resource_model::correct_reuse_factors(network);
  set_precision(network, {.width_bits = 16, .integer_bits = 6});
  return network;
}

/// Normalises the outputs of `before`, whose activation moves behind it.
Layer batch_norm(Layer& before) {
  Layer layer;
  layer.name = before.name + "_bn";
  layer.type = LayerType::kBatchNormalization;
  if (before.type == LayerType::kDense) {
    layer.n_in = layer.n_out = before.n_out;
    layer.input = {1, 1, before.n_out};
  } else {
    const auto size = before.output_size();
    layer.input = {size[0], size[1], before.filters};
  }
  layer.activation = std::exchange(before.activation, Activation::kLinear);
  return layer;
}

}  // namespace

resource_model::Network jets_hardware() { return perceptron(16, 5); }

// Five instead of four for the ten inputs of the first layer.
resource_model::Network gamma_hardware() { return perceptron(10, 2); }

resource_model::Network lenet_hardware() {
  using resource_model::Padding;
  resource_model::Network network;
  network.layers = {convolution("conv1", {28, 28, 1}, 5, 6, Padding::kSame),
                    pool("pool1", {28, 28, 6}),
                    convolution("conv2", {14, 14, 6}, 5, 16, Padding::kValid),
                    pool("pool2", {10, 10, 16}),
                    dense("fc1", 400, 120, Activation::kRelu),
                    dense("fc2", 120, 84, Activation::kRelu),
                    dense("output", 84, 10, Activation::kSoftmax)};
  fold(network.layers[4], Strategy::kResource, 25);
  fold(network.layers[5], Strategy::kResource, 12);
  set_precision(network, {.width_bits = 18, .integer_bits = 8});
  return network;
}

resource_model::Network svhn_hardware() {
  using resource_model::Padding;
  resource_model::Network network;
  network.io_type = resource_model::IoType::kStream;
  const auto add = [&network](Layer layer) { network.layers.push_back(std::move(layer)); };
  const auto add_normalized = [&add](Layer layer) {
    fold(layer, Strategy::kResource, 9);
    const Layer norm = batch_norm(layer);
    add(std::move(layer));
    add(norm);
  };
  add_normalized(convolution("conv1", {32, 32, 3}, 3, 16, Padding::kValid));
  add(pool("pool1", {30, 30, 16}));
  add_normalized(convolution("conv2", {15, 15, 16}, 3, 16, Padding::kValid));
  add(pool("pool2", {13, 13, 16}));
  add_normalized(convolution("conv3", {6, 6, 16}, 3, 24, Padding::kValid));
  add(pool("pool3", {4, 4, 24}));
  add_normalized(dense("fc1", 96, 42, Activation::kRelu));
  network.layers[network.layers.size() - 2].packets = 4;  // pixels of the flattened image
  add_normalized(dense("fc2", 42, 64, Activation::kRelu));
  Layer output = dense("output", 64, 10, Activation::kSoftmax);
  fold(output, Strategy::kResource, 9);
  add(output);
  resource_model::correct_reuse_factors(network);
  set_precision(network, {.width_bits = 16, .integer_bits = 6});
  return network;
}

}  // namespace espalier::app
