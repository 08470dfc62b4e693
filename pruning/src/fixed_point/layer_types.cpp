// hls4ml infers types that the configuration leaves open (its pass infer_precision.py, version
// 1.3). The formulas are the usual ones: a product of W1 and W2 bits has W1 + W2, a sum of n terms
// ceil(log2 n) more, and the bias one more again.

#include "fixed_point/layer_types.hpp"

#include <algorithm>
#include <bit>

namespace espalier::pruning {
namespace {

using resource_model::Activation;
using resource_model::FixedPoint;
using resource_model::Layer;
using resource_model::LayerType;

int ceil_log2(int n) { return static_cast<int>(std::bit_width(static_cast<unsigned>(n - 1))); }

/// Exact for every input: bias + sum of fan_in products.
FixedPoint exact_sum(const FixedPoint& input, const Layer& layer) {
  const FixedPoint& weight = layer.weight;
  const FixedPoint& bias = layer.bias;
  const int growth = ceil_log2(layer.fan_in());
  const bool is_signed = weight.is_signed || input.is_signed;
  const int fraction = weight.fraction_bits() + input.fraction_bits();
  int integer = weight.integer_bits + input.integer_bits + growth;
  integer = std::max(integer + (bias.is_signed && !is_signed ? 1 : 0),
                     bias.integer_bits + (is_signed && !bias.is_signed ? 1 : 0)) +
            1;
  return {.width_bits = integer + std::max(fraction, bias.fraction_bits()),
          .integer_bits = integer,
          .is_signed = is_signed || bias.is_signed};
}

/// A mean is a sum and a division: bits for both.
FixedPoint pool_accumulator(const FixedPoint& input, const Layer& layer) {
  if (layer.type == LayerType::kMaxPooling) return input;
  const int growth = ceil_log2(layer.kernel[0] * layer.kernel[1]);
  return {.width_bits = input.width_bits + 2 * growth,
          .integer_bits = input.integer_bits + growth,
          .is_signed = input.is_signed};
}

LayerTypes types_of(const Layer& layer, const FixedPoint& input) {
  LayerTypes types{.input = input, .accum = input, .sum = layer.result, .result = layer.result};
  if (layer.has_weights()) types.accum = layer.accum.value_or(exact_sum(input, layer));
  if (layer.is_pool()) types.accum = layer.accum.value_or(pool_accumulator(input, layer));
  if (layer.activation == Activation::kRelu && layer.has_weights()) types.sum = types.accum;
  if (layer.type == LayerType::kFlatten) types.sum = types.result = input;
  return types;
}

}  // namespace

std::vector<LayerTypes> resolve_types(const resource_model::Network& hardware) {
  std::vector<LayerTypes> types;
  for (const Layer& layer : hardware.layers) {
    types.push_back(types_of(layer, types.empty() ? layer.input_type : types.back().result));
  }
  return types;
}

}  // namespace espalier::pruning
