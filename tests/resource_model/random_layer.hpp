#pragma once

#include "espalier/resource_model/network.hpp"
#include "espalier/resource_model/reuse_factor.hpp"
#include "espalier/support/random.hpp"

namespace espalier::tests {

inline int draw(Random& random, int low, int high) {
  return static_cast<int>(random.integer(low, high));
}

/// A small network of one layer with weights: any kind, strategy, io_type, width, DSP block and
/// parallelisation factor, and a reuse factor that is valid for it. One in eight is large enough
/// for memories deeper than 1024 words, whose columns have two shapes.
inline resource_model::Network random_one_layer_network(Random& random) {
  using namespace resource_model;
  constexpr LayerType kTypes[] = {LayerType::kDense, LayerType::kConv1D, LayerType::kConv2D,
                                  LayerType::kDepthwiseConv2D, LayerType::kSeparableConv2D};
  constexpr Strategy kStrategies[] = {Strategy::kLatency, Strategy::kResource, Strategy::kResource,
                                      Strategy::kResourceUnrolled};
  Layer layer;
  layer.name = "layer";
  layer.type = kTypes[random.integer(0, 4)];
  const bool is_large = random.chance(0.125);
  layer.n_in = is_large ? draw(random, 60, 120) : draw(random, 1, 40);
  layer.n_out = is_large ? draw(random, 40, 80) : draw(random, 1, 24);
  layer.input = {layer.type == LayerType::kConv1D ? 1 : draw(random, 3, 8), draw(random, 3, 8),
                 draw(random, 1, 8)};
  layer.kernel = {layer.type == LayerType::kConv1D ? 1 : draw(random, 1, 3), draw(random, 1, 3)};
  layer.filters = is_large ? draw(random, 20, 60) : draw(random, 1, 12);
  layer.strategy = kStrategies[random.integer(0, 3)];
  layer.weight = {.width_bits = draw(random, 1, 40), .integer_bits = 1};
  layer.input_type = {.width_bits = draw(random, 4, 40), .integer_bits = 2};
  constexpr const char* kParts[] = {"xc7z020clg400-1", "xcvu9p-flga2104-2-e", "xcvc1902-vsva2197"};
  Network network;
  network.part = kParts[random.integer(0, 2)];
  network.io_type = random.chance(0.5) ? IoType::kParallel : IoType::kStream;
  const auto valid = valid_reuse_factors(layer, network.io_type);
  layer.reuse_factor = valid[static_cast<std::size_t>(
      random.integer(0, static_cast<std::int64_t>(valid.size()) - 1))];
  if (layer.is_convolution() && random.chance(0.5)) {
    const auto [height, width] = layer.output_size();
    layer.parallelization_factor = random.chance(0.5) ? width : height;
  }
  network.layers.push_back(layer);
  return network;
}

}  // namespace espalier::tests
