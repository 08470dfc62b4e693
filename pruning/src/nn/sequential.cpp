#include "espalier/pruning/sequential.hpp"

#include <cmath>
#include <string>
#include <unordered_set>
#include <utility>

#include "espalier/support/error.hpp"
#include "espalier/support/random.hpp"

#include "nn/shape.hpp"
#include "nn/window.hpp"

namespace espalier::pruning {
namespace {

using nn::kMaxExtent;
using nn::shape_size;
using nn::shape_text;

/// Activations of a sample and weights of a layer are indexed with 32 bits.
constexpr std::int64_t kMaxValues = std::int64_t{1} << 30;

bool is_convolution(const NetLayer& layer) { return layer.type == NetLayerType::kConv2D; }
bool is_dense(const NetLayer& layer) { return layer.type == NetLayerType::kDense; }

void check_shape(const std::vector<int>& shape, const std::string& whose) {
  for (const int extent : shape) {
    if (extent < 1 || extent > kMaxExtent) {
      throw Error(whose + " has shape " + shape_text(shape) + "; expected extents in 1.." +
                  std::to_string(kMaxExtent));
    }
  }
  if (shape_size(shape) > kMaxValues) {
    throw Error(whose + " has shape " + shape_text(shape) + "; expected at most " +
                std::to_string(kMaxValues) + " values");
  }
}

std::vector<int> infer_output_shape(const std::vector<int>& input, const NetLayer& layer) {
  switch (layer.type) {
    case NetLayerType::kDense:
      if (input.size() != 1) {
        throw Error("layer '" + layer.name + "' is dense but its input has shape " +
                    shape_text(input) + "; expected a flat input (put a flatten layer before it)");
      }
      return {layer.units};
    case NetLayerType::kConv2D: {
      const auto geometry = nn::window_geometry(input, layer);
      return {geometry.out_height, geometry.out_width, layer.units};
    }
    case NetLayerType::kMaxPool2D:
    case NetLayerType::kAveragePool2D: {
      const auto geometry = nn::window_geometry(input, layer);
      return {geometry.out_height, geometry.out_width, geometry.channels};
    }
    case NetLayerType::kFlatten:
      return {static_cast<int>(shape_size(input))};
    case NetLayerType::kRelu:
    case NetLayerType::kBatchNorm:
    case NetLayerType::kDropout:
      return input;
  }
  throw Error("layer '" + layer.name + "' has an unknown type");
}

/// Inputs that one output of the layer sums over; the rows of the kernel as a matrix.
std::int64_t fan_in(const std::vector<int>& input, const NetLayer& layer) {
  if (is_dense(layer)) return input[0];
  return std::int64_t{layer.window[0]} * layer.window[1] * input[2];
}

BatchNormParameters neutral_batch_norm(std::size_t channels) {
  return {.scale = std::vector<float>(channels, 1.0F),
          .shift = std::vector<float>(channels, 0.0F),
          .mean = std::vector<float>(channels, 0.0F),
          .variance = std::vector<float>(channels, 1.0F)};
}

}  // namespace

Sequential::Sequential(std::vector<int> input_shape, std::vector<NetLayer> layers)
    : input_shape_(std::move(input_shape)), layers_(std::move(layers)) {
  if (input_shape_.size() != 1 && input_shape_.size() != 3) {
    throw Error("the network's input has " + std::to_string(input_shape_.size()) +
                " dimensions; expected {features} or {height, width, channels}");
  }
  check_shape(input_shape_, "the network's input");
  if (layers_.empty()) throw Error("the network has no layers; expected at least one");

  std::unordered_set<std::string> names;
  const std::vector<int>* shape = &input_shape_;
  output_shapes_.reserve(layers_.size());
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const NetLayer& layer = layers_[i];
    if (layer.name.empty()) {
      throw Error("layer " + std::to_string(i) + " has no name; expected one that is unique");
    }
    if (!names.insert(layer.name).second) {
      throw Error("layer " + std::to_string(i) + " is called '" + layer.name +
                  "' like one before it; expected a unique name");
    }
    output_shapes_.push_back(infer_output_shape(*shape, layer));
    check_shape(output_shapes_.back(), "the output of layer '" + layer.name + "'");
    if (layer.type == NetLayerType::kDropout &&
        !(layer.dropout_rate >= 0.0F && layer.dropout_rate < 1.0F)) {
      throw Error("layer '" + layer.name + "' has dropout_rate " +
                  std::to_string(layer.dropout_rate) + "; expected 0 or more and less than 1");
    }
    kernels_.emplace_back();
    biases_.emplace_back();
    batch_norms_.emplace_back();
    if (layer.type == NetLayerType::kBatchNorm) {
      batch_norms_.back() = neutral_batch_norm(static_cast<std::size_t>(shape->back()));
    }
    if (is_dense(layer) || is_convolution(layer)) {
      const std::int64_t rows = fan_in(*shape, layer);
      if (rows > kMaxValues / layer.units) {
        throw Error("layer '" + layer.name + "' has " + std::to_string(rows) + "x" +
                    std::to_string(layer.units) + " weights; expected at most " +
                    std::to_string(kMaxValues));
      }
      kernels_.back().resize(static_cast<std::size_t>(rows * layer.units));
      biases_.back().resize(static_cast<std::size_t>(layer.units));
    }
    shape = &output_shapes_.back();
  }
  if (shape->size() != 1) {
    throw Error("the network ends with layer '" + layers_.back().name + "' of shape " +
                shape_text(*shape) + "; expected flat logits, one value per class");
  }
}

void Sequential::initialize(std::uint64_t seed) {
  Random random(seed);
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    biases_[i].assign(biases_[i].size(), 0.0F);
    batch_norms_[i] = neutral_batch_norm(batch_norms_[i].scale.size());
    if (kernels_[i].empty()) continue;
    // The uniform form of variance 2 / fan_in: it needs no logarithm or cosine, whose last bits
    // differ between C libraries.
    const std::int64_t inputs = fan_in(output_shape(static_cast<int>(i) - 1), layers_[i]);
    const double limit = std::sqrt(6.0 / static_cast<double>(inputs));
    for (float& weight : kernels_[i]) {
      weight = static_cast<float>(limit * (2.0 * random.uniform() - 1.0));
    }
  }
}

const std::vector<int>& Sequential::output_shape(int i) const {
  return i < 0 ? input_shape_ : output_shapes_[static_cast<std::size_t>(i)];
}

bool Sequential::has_weights(int i) const noexcept {
  return !kernels_[static_cast<std::size_t>(i)].empty();
}

}  // namespace espalier::pruning
