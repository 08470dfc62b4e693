#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "espalier/pruning/dataset.hpp"
#include "espalier/pruning/sequential.hpp"

namespace espalier::tests {

/// A network computed from the definitions, in double, one nested loop per layer: the oracle for
/// the fast one. Images are (row, column, channel) throughout, as in Keras.
class ReferenceNetwork {
 public:
  explicit ReferenceNetwork(const pruning::Sequential& network) : network_(network) {
    for (int i = 0; i < network.num_layers(); ++i) {
      kernels.emplace_back(network.kernel(i).begin(), network.kernel(i).end());
      biases.emplace_back(network.bias(i).begin(), network.bias(i).end());
    }
  }

  /// To be varied by the tests.
  std::vector<std::vector<double>> kernels, biases;

  std::vector<double> logits(std::span<const float> sample) const {
    std::vector<double> values(sample.begin(), sample.end());
    for (int i = 0; i < network_.num_layers(); ++i) values = run_layer(i, values);
    return values;
  }

  /// Mean cross-entropy.
  double loss(const pruning::Dataset& data) const {
    double sum = 0.0;
    for (std::size_t s = 0; s < data.size(); ++s) {
      const std::vector<double> z = logits(data.sample(s));
      double normaliser = 0.0;
      for (const double value : z) normaliser += std::exp(value);
      sum += std::log(normaliser) - z[static_cast<std::size_t>(data.labels[s])];
    }
    return sum / static_cast<double>(data.size());
  }

 private:
  using Values = std::vector<double>;

  Values run_layer(int i, const Values& x) const {
    switch (network_.layer(i).type) {
      case pruning::NetLayerType::kDense:
        return dense(i, x);
      case pruning::NetLayerType::kRelu:
        return relu(x);
      case pruning::NetLayerType::kFlatten:
        return x;
      default:
        return windows(i, x);
    }
  }

  static Values relu(Values x) {
    for (double& value : x) value = std::max(value, 0.0);
    return x;
  }

  Values dense(int i, const Values& x) const {
    const auto layer = static_cast<std::size_t>(i);
    Values y = biases[layer];
    for (std::size_t in = 0; in < x.size(); ++in) {
      for (std::size_t out = 0; out < y.size(); ++out) {
        y[out] += x[in] * kernels[layer][in * y.size() + out];
      }
    }
    return y;
  }

  /// Index of the first input under window `out` along one axis; may be negative.
  static int window_start(int out, int input, int window, int stride, pruning::NetPadding padding) {
    if (padding == pruning::NetPadding::kValid) return out * stride;
    const int outputs = (input + stride - 1) / stride;
    return out * stride - std::max((outputs - 1) * stride + window - input, 0) / 2;
  }

  /// Convolution and pools: every output from the inputs under its window.
  Values windows(int i, const Values& x) const {
    const pruning::NetLayer& layer = network_.layer(i);
    const std::vector<int>& in = network_.output_shape(i - 1);
    const std::vector<int>& out = network_.output_shape(i);
    Values y;
    for (int row = 0; row < out[0]; ++row) {
      const int top = window_start(row, in[0], layer.window[0], layer.stride[0], layer.padding);
      for (int column = 0; column < out[1]; ++column) {
        const int left =
            window_start(column, in[1], layer.window[1], layer.stride[1], layer.padding);
        for (int f = 0; f < out[2]; ++f) y.push_back(window_value(i, x, top, left, f));
      }
    }
    return y;
  }

  double window_value(int i, const Values& x, int top, int left, int f) const {
    const pruning::NetLayer& layer = network_.layer(i);
    const std::vector<int>& in = network_.output_shape(i - 1);
    const bool convolution = layer.type == pruning::NetLayerType::kConv2D;
    const auto at = [](int a) { return static_cast<std::size_t>(a); };
    double sum = convolution ? biases[at(i)][at(f)] : 0.0;
    double largest = -std::numeric_limits<double>::infinity();
    int count = 0;
    for (int dy = 0; dy < layer.window[0]; ++dy) {
      for (int dx = 0; dx < layer.window[1]; ++dx) {
        const int row = top + dy, column = left + dx;
        if (row < 0 || row >= in[0] || column < 0 || column >= in[1]) continue;
        const std::size_t pixel = at((row * in[1] + column) * in[2]);
        if (!convolution) {
          sum += x[pixel + at(f)];
          largest = std::max(largest, x[pixel + at(f)]);
          ++count;
          continue;
        }
        for (int c = 0; c < in[2]; ++c) {
          const int weight = ((dy * layer.window[1] + dx) * in[2] + c) * layer.units + f;
          sum += x[pixel + at(c)] * kernels[at(i)][at(weight)];
        }
      }
    }
    if (convolution) return sum;
    return layer.type == pruning::NetLayerType::kMaxPool2D ? largest : sum / count;
  }

  const pruning::Sequential& network_;
};

}  // namespace espalier::tests
