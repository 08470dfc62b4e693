// A scaling of channels and a kernel are one kernel:
//   behind it   f * (K x + b) + s = (f K) x + (f b + s)
//   before it   K (f x + s) + b = (K f) x + (K s + b)
// The second holds only where every input of the kernel has been scaled, so not at the zeros of
// padding, which come after the scaling. hls4ml does the first by itself.

#include "exchange/fold_normalisation.hpp"

#include <optional>

#include "espalier/support/error.hpp"

namespace espalier::pruning {
namespace {

using resource_model::Activation;
using resource_model::Layer;
using resource_model::LayerType;

bool is_matrix_product(const Layer& layer) {
  return layer.type == LayerType::kDense || layer.type == LayerType::kConv1D ||
         layer.type == LayerType::kConv2D;
}

bool takes_scaling_behind(const resource_model::Network& hardware, std::size_t k) {
  return k > 0 && is_matrix_product(hardware.layers[k - 1]) &&
         hardware.layers[k - 1].activation == Activation::kLinear;
}

/// The next kernel, if only Flatten lies between.
std::optional<std::size_t> taker_after(const resource_model::Network& hardware, std::size_t k) {
  std::size_t next = k + 1;
  while (next < hardware.layers.size() && hardware.layers[next].type == LayerType::kFlatten) ++next;
  if (next == hardware.layers.size() || !is_matrix_product(hardware.layers[next])) return {};
  const Layer& layer = hardware.layers[next];
  const bool pads = layer.type != LayerType::kDense &&
                    layer.padding == resource_model::Padding::kSame &&
                    (layer.kernel[0] > 1 || layer.kernel[1] > 1);
  return pads ? std::nullopt : std::optional(next);
}

void scale_outputs(LayerParameters& layer, const ChannelScaling& scaling) {
  const std::size_t outputs = layer.bias.size();
  for (std::size_t i = 0; i < layer.kernel.size(); ++i) {
    layer.kernel[i] =
        static_cast<float>(static_cast<double>(layer.kernel[i]) * scaling.factor[i % outputs]);
  }
  for (std::size_t o = 0; o < outputs; ++o) {
    layer.bias[o] = static_cast<float>(static_cast<double>(layer.bias[o]) * scaling.factor[o] +
                                       scaling.shift[o]);
  }
}

/// Channels are the fastest axis of an image, flattened or not, and of a kernel's inputs.
void scale_inputs(LayerParameters& layer, const ChannelScaling& scaling) {
  const std::size_t outputs = layer.bias.size();
  const std::size_t channels = scaling.factor.size();
  std::vector<double> added(outputs, 0.0);
  for (std::size_t i = 0; i < layer.kernel.size(); ++i) {
    const std::size_t channel = i / outputs % channels;
    const double weight = static_cast<double>(layer.kernel[i]);
    added[i % outputs] += weight * scaling.shift[channel];
    layer.kernel[i] = static_cast<float>(weight * scaling.factor[channel]);
  }
  for (std::size_t o = 0; o < outputs; ++o) {
    layer.bias[o] = static_cast<float>(static_cast<double>(layer.bias[o]) + added[o]);
  }
}

}  // namespace

void fold_scaling(resource_model::Network& hardware, std::vector<LayerParameters>& parameters,
                  std::size_t k, const ChannelScaling& scaling, const std::string& file) {
  Layer& own = hardware.layers[k];
  double& dropout_rate = k > 0 ? hardware.layers[k - 1].dropout_rate : hardware.input_dropout_rate;
  dropout_rate = resource_model::joint_dropout_rate(dropout_rate, own.dropout_rate);
  if (takes_scaling_behind(hardware, k)) {
    scale_outputs(parameters[k - 1], scaling);
    hardware.layers[k - 1].activation = own.activation;
    hardware.layers[k - 1].result = own.result;
  } else if (const auto next =
                 own.activation == Activation::kLinear ? taker_after(hardware, k) : std::nullopt) {
    scale_inputs(parameters[*next], scaling);
    if (k + 1 < hardware.layers.size()) hardware.layers[k + 1].input_type = own.input_type;
  } else {
    throw Error(file, 0,
                "layer '" + own.name +
                    "': a batch normalisation that is no part of a kernel is not supported; "
                    "expected Dense or a convolution right before it, or after it without padding");
  }
  hardware.layers.erase(hardware.layers.begin() + static_cast<std::ptrdiff_t>(k));
  parameters.erase(parameters.begin() + static_cast<std::ptrdiff_t>(k));
}

}  // namespace espalier::pruning
