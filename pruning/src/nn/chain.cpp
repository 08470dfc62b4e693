#include "nn/chain.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "espalier/support/error.hpp"

#include "nn/noise.hpp"
#include "nn/shape.hpp"

namespace espalier::pruning::nn {
namespace {

std::unique_ptr<LayerOp> make_op(const std::vector<int>& input_shape, const NetLayer& layer) {
  switch (layer.type) {
    case NetLayerType::kDense:
      return make_dense(input_shape[0], layer.units);
    case NetLayerType::kConv2D:
      return make_conv2d(input_shape, layer);
    case NetLayerType::kMaxPool2D:
      return make_max_pool(input_shape, layer);
    case NetLayerType::kAveragePool2D:
      return make_average_pool(input_shape, layer);
    case NetLayerType::kFlatten:
      return make_flatten(input_shape);
    case NetLayerType::kBatchNorm:
      return make_batch_norm(input_shape);
    case NetLayerType::kDropout:
      return make_dropout(input_shape, layer.dropout_rate);
    case NetLayerType::kRelu:
      break;
  }
  return make_relu(input_shape);
}

std::size_t values(const std::vector<int>& shape) {
  return static_cast<std::size_t>(shape_size(shape));
}

std::optional<FixedPointRounding> rounding_of(
    const std::optional<resource_model::FixedPoint>& type) {
  if (!type) return std::nullopt;
  return FixedPointRounding(*type);
}

bool wraps_around(const std::optional<FixedPointRounding>& rounding) {
  return rounding && rounding->wraps();
}

}  // namespace

Chain::Chain(const Sequential& network, const NetworkFixedPoint& fixed_point)
    : layout_(network),
      input_size_(values(network.input_shape())),
      input_channels_(network.input_shape().size() == 3 ? network.input_shape()[2] : 1),
      num_classes_(network.num_classes()),
      input_rounding_(rounding_of(fixed_point.input)) {
  const int num_layers = network.num_layers();
  if (!fixed_point.layers.empty() && std::ssize(fixed_point.layers) != num_layers) {
    throw Error("there are fixed-point types for " + std::to_string(fixed_point.layers.size()) +
                " layers; expected " + std::to_string(num_layers) + " or none");
  }
  roundings_.resize(static_cast<std::size_t>(num_layers));
  for (std::size_t i = 0; i < fixed_point.layers.size(); ++i) {
    const LayerFixedPoint& types = fixed_point.layers[i];
    roundings_[i] = {rounding_of(types.weight), rounding_of(types.bias), rounding_of(types.accum),
                     rounding_of(types.output)};
    rounds_parameters_ = rounds_parameters_ || types.weight || types.bias;
  }
  for (int i = 0; i < num_layers; ++i) {
    ops_.push_back(make_op(network.output_shape(i - 1), network.layer(i)));
    output_sizes_.push_back(values(network.output_shape(i)));
  }
  while (first_trained_ < ops_.size() && layout_.kernel(first_trained_).size == 0) {
    ++first_trained_;
  }
}

Workspace Chain::make_workspace(int capacity, Purpose purpose) const {
  const auto samples = static_cast<std::size_t>(capacity);
  Workspace workspace;
  workspace.capacity = capacity;
  workspace.input.resize(input_size_ * samples);
  workspace.outputs.resize(ops_.size());
  workspace.indices.resize(ops_.size());
  workspace.beyond.resize(ops_.size());
  std::size_t scratch = 0;
  std::size_t widest = input_size_;
  float* previous = workspace.input.data();
  for (std::size_t i = 0; i < ops_.size(); ++i) {
    if (!ops_[i]->works_in_place()) {
      workspace.outputs[i].resize(output_sizes_[i] * samples);
      previous = workspace.outputs[i].data();
    }
    workspace.output_of.push_back(previous);
    workspace.indices[i].resize(ops_[i]->indices_per_sample() * samples);
    const bool wraps = wraps_around(roundings_[i].accum) || wraps_around(roundings_[i].output);
    if (wraps && purpose == Purpose::kForwardAndBackward) {
      workspace.beyond[i].resize(output_sizes_[i] * samples);
    }
    scratch = std::max(scratch, ops_[i]->scratch_size());
    widest = std::max(widest, output_sizes_[i]);
  }
  workspace.scratch.resize(scratch);
  if (purpose == Purpose::kForwardAndBackward) {
    for (auto& gradients : workspace.gradients) gradients.resize(widest * samples);
  }
  return workspace;
}

void Chain::load_sample(Workspace& workspace, int slot, const float* sample) const noexcept {
  float* to = workspace.input.data() + static_cast<std::size_t>(slot) * input_size_;
  if (input_channels_ == 1) {
    std::copy_n(sample, input_size_, to);
  } else {
    const auto channels = static_cast<std::size_t>(input_channels_);
    const std::size_t pixels = input_size_ / channels;
    for (std::size_t c = 0; c < channels; ++c) {
      for (std::size_t p = 0; p < pixels; ++p) to[c * pixels + p] = sample[p * channels + c];
    }
  }
  if (input_rounding_) input_rounding_->apply(to, to, input_size_);
}

void Chain::round_parameters(const float* parameters, float* rounded) const noexcept {
  std::copy_n(parameters, layout_.size(), rounded);
  for (std::size_t i = 0; i < roundings_.size(); ++i) {
    const auto round = [&](const std::optional<FixedPointRounding>& rounding,
                           ParameterLayout::Block block) {
      float* values = rounded + block.offset;
      if (rounding) rounding->apply(values, values, block.size);
    };
    round(roundings_[i].kernel, layout_.kernel(i));
    round(roundings_[i].bias, layout_.bias(i));
  }
}

void Chain::clamp_parameters(float* parameters) const noexcept {
  for (std::size_t i = 0; i < roundings_.size(); ++i) {
    const auto clamp = [&](const std::optional<FixedPointRounding>& rounding,
                           ParameterLayout::Block block) {
      if (rounding) rounding->clamp(parameters + block.offset, block.size);
    };
    clamp(roundings_[i].kernel, layout_.kernel(i));
    clamp(roundings_[i].bias, layout_.bias(i));
  }
}

LayerBuffers Chain::buffers(Workspace& workspace, std::size_t layer, const float* parameters,
                            int count, std::optional<Training> training) const noexcept {
  return {.count = count,
          .input = layer == 0 ? workspace.input.data() : workspace.output_of[layer - 1],
          .output = workspace.output_of[layer],
          .kernel = parameters + layout_.kernel(layer).offset,
          .bias = parameters + layout_.bias(layer).offset,
          .scratch = workspace.scratch.data(),
          .indices = workspace.indices[layer].data(),
          .training = training.has_value(),
          .noise = training ? mix_noise(training->noise + layer) : 0};
}

const float* Chain::forward(Workspace& workspace, const float* parameters, int count,
                            std::optional<Training> training) const noexcept {
  for (std::size_t i = 0; i < ops_.size(); ++i) {
    ops_[i]->forward(buffers(workspace, i, parameters, count, training));
    round_outputs(workspace, i, output_sizes_[i] * static_cast<std::size_t>(count),
                  training.has_value());
  }
  return workspace.output_of.back();
}

void Chain::round_outputs(Workspace& workspace, std::size_t layer, std::size_t count,
                          bool is_training) const noexcept {
  float* const output = workspace.output_of[layer];
  std::vector<std::int8_t>& beyond = workspace.beyond[layer];
  const bool keeps_ends = is_training && !beyond.empty();
  if (keeps_ends) std::fill_n(beyond.begin(), count, std::int8_t{0});
  for (const auto* rounding : {&roundings_[layer].accum, &roundings_[layer].output}) {
    if (!*rounding) continue;
    if (keeps_ends && (*rounding)->wraps()) {
      (*rounding)->saturate(output, beyond.data(), count);
    } else {
      (*rounding)->apply(output, output, count);
    }
  }
}

void Chain::transpose_kernels(const float* parameters, float* transposed) const noexcept {
  for (std::size_t i = first_trained_ + 1; i < ops_.size(); ++i) {
    const std::size_t offset = layout_.kernel(i).offset;
    ops_[i]->transpose_kernel(parameters + offset, transposed + offset);
  }
}

void Chain::backward(Workspace& workspace, const float* parameters, const float* transposed,
                     int count, float* gradient, std::optional<Training> training) const noexcept {
  std::size_t current = 0;
  for (std::size_t i = ops_.size(); i-- > first_trained_;) {
    float* const output_gradient = workspace.gradients[current].data();
    if (training && !workspace.beyond[i].empty()) {
      const std::size_t values = output_sizes_[i] * static_cast<std::size_t>(count);
      for (std::size_t k = 0; k < values; ++k) {
        output_gradient[k] += training->pull_back * static_cast<float>(workspace.beyond[i][k]);
      }
    }
    if (!ops_[i]->works_in_place()) current = 1 - current;
    ops_[i]->backward(
        buffers(workspace, i, parameters, count, training),
        {.output_gradient = output_gradient,
         .input_gradient = i > first_trained_ ? workspace.gradients[current].data() : nullptr,
         .kernel_gradient = gradient + layout_.kernel(i).offset,
         .bias_gradient = gradient + layout_.bias(i).offset,
         .transposed_kernel = transposed + layout_.kernel(i).offset});
  }
}

}  // namespace espalier::pruning::nn
