// The fast float network against the reference in double: logits directly, gradients against
// central differences of the reference loss. Random small shapes cover strides, both paddings,
// windows larger than the stride and larger than the input, one-pixel images and one channel.
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/pruning/train.hpp"
#include "espalier/support/error.hpp"
#include "espalier/support/random.hpp"

#include "nn_random_data.hpp"
#include "nn_reference.hpp"

namespace espalier::pruning {
namespace {

using tests::random_data;
using tests::ReferenceNetwork;

int between(Random& random, int low, int high) {
  return static_cast<int>(random.integer(low, high));
}

NetLayer random_window_layer(Random& random, NetLayerType type, std::string name) {
  return {.name = std::move(name),
          .type = type,
          .units = between(random, 1, 7),
          .window = {between(random, 1, 4), between(random, 1, 4)},
          .stride = {between(random, 1, 3), between(random, 1, 3)},
          .padding = random.chance(0.5) ? NetPadding::kSame : NetPadding::kValid};
}

/// Throws Error when the windows do not fit; the caller draws again.
Sequential random_cnn(Random& random) {
  std::vector<NetLayer> layers;
  const int num_blocks = between(random, 1, 2);
  for (int b = 0; b < num_blocks; ++b) {
    const std::string suffix = std::to_string(b);
    layers.push_back(random_window_layer(random, NetLayerType::kConv2D, "conv" + suffix));
    layers.push_back({.name = "relu" + suffix, .type = NetLayerType::kRelu});
    if (random.chance(0.7)) {
      const auto type =
          random.chance(0.5) ? NetLayerType::kMaxPool2D : NetLayerType::kAveragePool2D;
      layers.push_back(random_window_layer(random, type, "pool" + suffix));
      if (random.chance(0.4)) {  // the usual pool, which has code of its own
        layers.back().window = layers.back().stride = {2, 2};
      }
    }
  }
  layers.push_back({.name = "flatten", .type = NetLayerType::kFlatten});
  layers.push_back({.name = "fc", .type = NetLayerType::kDense, .units = between(random, 1, 9)});
  layers.push_back({.name = "relu", .type = NetLayerType::kRelu});
  layers.push_back(
      {.name = "output", .type = NetLayerType::kDense, .units = between(random, 2, 5)});
  return Sequential({between(random, 1, 9), between(random, 1, 9), between(random, 1, 4)},
                    std::move(layers));
}

Sequential random_mlp(Random& random) {
  std::vector<NetLayer> layers;
  const int hidden = between(random, 0, 3);
  for (int i = 0; i < hidden; ++i) {
    const std::string suffix = std::to_string(i);
    layers.push_back({.name = "fc" + suffix, .units = between(random, 1, 40)});
    layers.push_back({.name = "relu" + suffix, .type = NetLayerType::kRelu});
  }
  layers.push_back({.name = "output", .units = between(random, 2, 20)});
  return Sequential({between(random, 1, 40)}, std::move(layers));
}

Sequential initialized(Sequential network, Random& random) {
  network.initialize(random.bits());
  for (int i = 0; i < network.num_layers(); ++i) {
    for (float& b : network.bias(i)) b = static_cast<float>(0.2 * random.uniform() - 0.1);
  }
  return network;
}

void check_logits(const Sequential& network, const Dataset& data) {
  const ReferenceNetwork reference(network);
  const std::vector<float> logits = predict(network, data.features, data.size());
  const auto classes = static_cast<std::size_t>(network.num_classes());
  REQUIRE(logits.size() == data.size() * classes);
  for (std::size_t s = 0; s < data.size(); ++s) {
    const std::vector<double> expected = reference.logits(data.sample(s));
    for (std::size_t c = 0; c < classes; ++c) {
      // Float sums of at most a few hundred terms of order one: 2^-24 each, with a wide margin.
      CHECK(std::abs(static_cast<double>(logits[s * classes + c]) - expected[c]) < 1e-4);
    }
  }
}

/// Central difference of the reference loss by one parameter. In double its rounding error is
/// about 1e-16 / step and its truncation error step^2, unless a kink lies within the step: then
/// two steps disagree and the parameter is left out.
struct Difference {
  double value = 0.0;
  bool smooth = true;
};

Difference central_difference(ReferenceNetwork& reference, double& parameter, const Dataset& data) {
  const auto difference = [&](double step) {
    const double centre = parameter;
    parameter = centre + step;
    const double above = reference.loss(data);
    parameter = centre - step;
    const double below = reference.loss(data);
    parameter = centre;
    return (above - below) / (2.0 * step);
  };
  const double coarse = difference(1e-4), fine = difference(2e-5);
  return {.value = fine, .smooth = std::abs(coarse - fine) < 1e-6};
}

struct Counts {
  int smooth = 0, kinked = 0, not_zero = 0;
};

void compare(std::vector<double>& parameters, const std::vector<float>& gradient,
             ReferenceNetwork& reference, const Dataset& data, Random& random, Counts& counts) {
  REQUIRE(gradient.size() == parameters.size());
  constexpr int kProbes = 12;
  for (int probe = 0; probe < kProbes && !parameters.empty(); ++probe) {
    const auto k =
        static_cast<std::size_t>(random.integer(0, static_cast<int>(parameters.size()) - 1));
    const Difference expected = central_difference(reference, parameters[k], data);
    if (!expected.smooth) {
      ++counts.kinked;
      continue;
    }
    ++counts.smooth;
    if (std::abs(expected.value) > 1e-3) ++counts.not_zero;
    CAPTURE(k);
    CHECK(std::abs(static_cast<double>(gradient[k]) - expected.value) < 2e-5);
  }
}

void check_gradients(const Sequential& network, const Dataset& data, Random& random,
                     Counts& counts) {
  ReferenceNetwork reference(network);
  const LossGradients gradients = loss_gradients(network, data);
  CHECK(gradients.loss == Approx(reference.loss(data)).epsilon(1e-4));
  for (int i = 0; i < network.num_layers(); ++i) {
    const auto layer = static_cast<std::size_t>(i);
    CAPTURE(network.layer(i).name);
    compare(reference.kernels[layer], gradients.kernels[layer], reference, data, random, counts);
    compare(reference.biases[layer], gradients.biases[layer], reference, data, random, counts);
  }
}

TEST_CASE("convolutional networks compute logits and gradients as defined", "[nn][property]") {
  Random random(11);
  Counts counts;
  int networks = 0, refused = 0;
  while (networks < 150) {
    CAPTURE(networks, refused);
    std::vector<Sequential> drawn;
    try {
      drawn.push_back(initialized(random_cnn(random), random));
    } catch (const Error&) {
      ++refused;  // a valid window larger than its input
      continue;
    }
    ++networks;
    const Dataset data = random_data(drawn[0], 5, random);
    check_logits(drawn[0], data);
    check_gradients(drawn[0], data, random, counts);
  }
  CAPTURE(refused, counts.smooth, counts.kinked, counts.not_zero);
  CHECK(refused > 10);
  CHECK(counts.not_zero > 2000);
  CHECK(counts.kinked < counts.smooth / 20);
}

TEST_CASE("dense networks compute logits and gradients as defined", "[nn][property]") {
  Random random(12);
  Counts counts;
  for (int n = 0; n < 60; ++n) {
    CAPTURE(n);
    const Sequential network = initialized(random_mlp(random), random);
    const Dataset data = random_data(network, 37, random);  // three chunks, the last one partial
    check_logits(network, data);
    check_gradients(network, data, random, counts);
  }
  CAPTURE(counts.smooth, counts.kinked, counts.not_zero);
  CHECK(counts.not_zero > 500);
  CHECK(counts.kinked < counts.smooth / 20);
}

/// Compares with second differences of the reference loss, where no kink lies within the step.
void check_second_derivatives(const Sequential& network, const Dataset& data, Random& random,
                              Counts& counts) {
  ReferenceNetwork reference(network);
  const auto sensitivity =
      weight_sensitivity(network, data, Sensitivity::kSecondOrder, data.size(), 2);
  for (int i = 0; i < network.num_layers(); ++i) {
    const auto layer = static_cast<std::size_t>(i);
    REQUIRE(sensitivity[layer].size() == reference.kernels[layer].size());
    for (int probe = 0; probe < 12 && !sensitivity[layer].empty(); ++probe) {
      const auto k = static_cast<std::size_t>(
          random.integer(0, static_cast<std::int64_t>(sensitivity[layer].size()) - 1));
      double& parameter = reference.kernels[layer][k];
      const double centre = parameter, here = reference.loss(data);
      const auto second_difference = [&](double step) {
        parameter = centre + step;
        const double above = reference.loss(data);
        parameter = centre - step;
        const double below = reference.loss(data);
        parameter = centre;
        return (above - 2.0 * here + below) / (step * step);
      };
      const double coarse = second_difference(2e-3), fine = second_difference(1e-3);
      if (std::abs(coarse - fine) > 1e-4) {
        ++counts.kinked;
        continue;
      }
      ++counts.smooth;
      if (fine > 1e-3) ++counts.not_zero;
      CAPTURE(i, k);
      CHECK(static_cast<double>(sensitivity[layer][k]) == Approx(fine).margin(2e-4).epsilon(1e-3));
    }
  }
}

TEST_CASE("second-order sensitivity is the true diagonal of the Hessian", "[nn][property]") {
  Random random(15);
  Counts counts;
  for (int n = 0; n < 40; ++n) {
    CAPTURE(n);
    std::vector<Sequential> drawn;
    try {
      drawn.push_back(initialized(n % 2 == 0 ? random_mlp(random) : random_cnn(random), random));
    } catch (const Error&) {
      continue;
    }
    check_second_derivatives(drawn[0], random_data(drawn[0], 5, random), random, counts);
  }
  CAPTURE(counts.smooth, counts.kinked, counts.not_zero);
  CHECK(counts.not_zero > 200);
  CHECK(counts.kinked < counts.smooth / 3);
}

TEST_CASE("first-order sensitivity is the mean magnitude of the samples' gradients", "[nn]") {
  Random random(16);
  const Sequential network = initialized(make_jet_mlp(), random);
  const Dataset data = random_data(network, 200, random);  // two rounds of chunks
  const auto sensitivity = weight_sensitivity(network, data, Sensitivity::kGradient, 150, 3);
  CHECK(sensitivity == weight_sensitivity(network, data, Sensitivity::kGradient, 150, 1));
  std::vector<double> expected(network.kernel(2).size(), 0.0);
  for (std::size_t s = 0; s < 150; ++s) {
    Dataset one = data;
    one.labels = {data.labels[s]};
    one.features.assign(data.sample(s).begin(), data.sample(s).end());
    const auto gradient = loss_gradients(network, one).kernels[2];
    for (std::size_t k = 0; k < expected.size(); ++k) {
      expected[k] += std::abs(static_cast<double>(gradient[k])) / 150.0;
    }
  }
  for (std::size_t k = 0; k < expected.size(); ++k) {
    REQUIRE(static_cast<double>(sensitivity[2][k]) ==
            Approx(expected[k]).epsilon(1e-4).margin(1e-7));
  }
}

}  // namespace
}  // namespace espalier::pruning
