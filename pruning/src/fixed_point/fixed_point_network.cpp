#include "espalier/pruning/fixed_point_network.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "espalier/support/error.hpp"

#include "fixed_point/layer_types.hpp"
#include "fixed_point/quantizer.hpp"
#include "fixed_point/step.hpp"
#include "loop/acceptance.hpp"
#include "loop/hardware_link.hpp"
#include "train/thread_pool.hpp"

namespace espalier::pruning {
namespace {

using resource_model::Activation;
using resource_model::FixedPoint;
using resource_model::Layer;
using resource_model::LayerType;

constexpr std::size_t kBlockSamples = 32;

using Steps = std::vector<std::unique_ptr<FixedPointStep>>;

void require_narrow(const Layer& layer, const FixedPoint& type) {
  if (type.width_bits <= kMaxFixedPointBits) return;
  throw Error("layer " + layer.name + " has values of " + std::to_string(type.width_bits) +
              " bits; expected at most " + std::to_string(kMaxFixedPointBits));
}

/// The layer's stages: kernel or pool first, then the activation.
void append_steps(const Layer& layer, const LayerTypes& types, const Sequential& network,
                  const LayerLink* link, Steps& steps) {
  require_narrow(layer, types.input);
  require_narrow(layer, types.result);
  FixedPoint current = types.input;
  switch (layer.type) {
    case LayerType::kDense:
    case LayerType::kConv1D:
    case LayerType::kConv2D:
      steps.push_back(make_kernel_step(layer, types, network.kernel(link->network_layer),
                                       network.bias(link->network_layer)));
      current = types.sum;
      break;
    case LayerType::kMaxPooling:
    case LayerType::kAveragePooling:
      steps.push_back(make_pool_step(layer, types));
      current = types.sum;
      break;
    case LayerType::kFlatten:
    case LayerType::kActivation:
      break;
    default:
      throw Error("layer " + layer.name + " is a " + resource_model::to_string(layer.type) +
                  "; expected a layer that fixed-point inference knows");
  }
  if (layer.activation == Activation::kLinear && current == types.result) return;
  steps.push_back(make_activation_step(
      layer.activation, static_cast<std::size_t>(layer.num_outputs()), current, types.result));
}

bool has_normalisation(const Sequential& network) {
  for (int i = 0; i < network.num_layers(); ++i) {
    if (network.layer(i).type == NetLayerType::kBatchNorm) return true;
  }
  return false;
}

}  // namespace

struct FixedPointNetwork::Impl {
  FixedPoint input;
  FixedPoint output;
  Steps steps;

  Impl(const Sequential& network, const resource_model::Network& hardware) {
    const std::vector<LayerLink> links = link_layers(network, hardware);
    const std::vector<LayerTypes> types = resolve_types(hardware);
    auto link = links.begin();
    for (std::size_t k = 0; k < types.size(); ++k) {
      const Layer& layer = hardware.layers[k];
      append_steps(layer, types[k], network, layer.has_weights() ? &*link++ : nullptr, steps);
    }
    if (steps.empty()) throw Error("the network has no layer that computes; expected some");
    input = types.front().input;
    output = types.back().result;
    for (std::size_t k = 1; k < steps.size(); ++k) {
      if (steps[k]->num_inputs() != steps[k - 1]->num_outputs()) {
        throw Error("the hardware description is not a chain of layers; expected one");
      }
    }
  }

  std::size_t widest() const {
    std::size_t size = steps.front()->num_inputs();
    for (const auto& step : steps) size = std::max(size, step->num_outputs());
    return size;
  }

  /// Result in `a`, which like `b` has room for the widest layer.
  void run(std::vector<std::int64_t>& a, std::vector<std::int64_t>& b) const {
    for (const auto& step : steps) {
      step->run(a.data(), b.data());
      a.swap(b);
    }
  }
};

FixedPointNetwork::FixedPointNetwork(const Sequential& network,
                                     const resource_model::Network& hardware)
    : impl_(std::make_unique<const Impl>(
          has_normalisation(network) ? fold_batch_norm(network) : network, hardware)) {}

FixedPointNetwork::~FixedPointNetwork() = default;
FixedPointNetwork::FixedPointNetwork(FixedPointNetwork&&) noexcept = default;
FixedPointNetwork& FixedPointNetwork::operator=(FixedPointNetwork&&) noexcept = default;

std::size_t FixedPointNetwork::num_inputs() const noexcept {
  return impl_->steps.front()->num_inputs();
}

std::size_t FixedPointNetwork::num_outputs() const noexcept {
  return impl_->steps.back()->num_outputs();
}

std::vector<double> FixedPointNetwork::predict(std::span<const float> features, std::size_t count,
                                               int threads) const {
  const std::size_t inputs = num_inputs();
  const std::size_t outputs = num_outputs();
  if (features.size() != count * inputs) {
    throw Error("there are " + std::to_string(features.size()) + " features; expected " +
                std::to_string(inputs) + " for each of " + std::to_string(count) + " samples");
  }
  std::vector<double> result(count * outputs);
  nn::ThreadPool pool(threads);
  pool.for_each_block(count, kBlockSamples, [&](std::size_t begin, std::size_t end) {
    std::vector<std::int64_t> a(impl_->widest());
    std::vector<std::int64_t> b(impl_->widest());
    for (std::size_t s = begin; s < end; ++s) {
      for (std::size_t i = 0; i < inputs; ++i) {
        const double value = static_cast<double>(features[s * inputs + i]);
        a[i] = Quantizer::from_value(value, impl_->input);
      }
      impl_->run(a, b);
      for (std::size_t o = 0; o < outputs; ++o) {
        result[s * outputs + o] =
            std::ldexp(static_cast<double>(a[o]), -impl_->output.fraction_bits());
      }
    }
  });
  return result;
}

std::vector<std::uint8_t> FixedPointNetwork::correct_samples(const Dataset& data,
                                                             int threads) const {
  const std::vector<double> outputs = predict(data.features, data.size(), threads);
  const auto classes = static_cast<std::ptrdiff_t>(num_outputs());
  std::vector<std::uint8_t> correct;
  auto row = outputs.begin();
  for (const std::int32_t label : data.labels) {
    correct.push_back(std::max_element(row, row + classes) - row == label ? 1 : 0);
    row += classes;
  }
  return correct;
}

double FixedPointNetwork::accuracy(const Dataset& data, int threads) const {
  return fraction_of(correct_samples(data, threads));
}

}  // namespace espalier::pruning
