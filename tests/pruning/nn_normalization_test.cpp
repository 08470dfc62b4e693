// Batch normalisation, dropout and their folding: gradients against differences of the training
// loss, running statistics against the data, folded networks against unfolded ones.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/pruning/train.hpp"
#include "espalier/support/error.hpp"
#include "espalier/support/random.hpp"

#include "nn/chain.hpp"
#include "nn_random_data.hpp"
#include "train/batch_gradient.hpp"

namespace espalier::pruning {
namespace {

using nn::BatchGradient;
using nn::Chain;
using tests::random_data;

/// Convolution and dense layer, each normalised; dropout before the last layer.
Sequential normalized_network(float dropout_rate) {
  return Sequential({6, 5, 2},
                    {{.name = "conv", .type = NetLayerType::kConv2D, .units = 3, .window = {3, 2}},
                     {.name = "bn1", .type = NetLayerType::kBatchNorm},
                     {.name = "relu1", .type = NetLayerType::kRelu},
                     {.name = "flatten", .type = NetLayerType::kFlatten},
                     {.name = "fc", .units = 6},
                     {.name = "bn2", .type = NetLayerType::kBatchNorm},
                     {.name = "relu2", .type = NetLayerType::kRelu},
                     {.name = "drop", .type = NetLayerType::kDropout, .dropout_rate = dropout_rate},
                     {.name = "output", .units = 4}});
}

void randomize(Sequential& network, Random& random) {
  network.initialize(random.bits());
  const auto fill = [&](auto&& values, double low, double high) {
    for (float& v : values) v = static_cast<float>(low + (high - low) * random.uniform());
  };
  for (int i = 0; i < network.num_layers(); ++i) {
    fill(network.bias(i), -0.3, 0.3);
    fill(network.batch_norm(i).scale, 0.5, 1.5);
    fill(network.batch_norm(i).shift, -0.5, 0.5);
    fill(network.batch_norm(i).mean, -0.5, 0.5);
    fill(network.batch_norm(i).variance, 0.2, 2.0);
  }
}

TEST_CASE("gradients of training passes are those of their loss", "[nn][property]") {
  Random random(71);
  // Without rectifiers the loss is smooth, so that differences are good everywhere.
  Sequential network({6, 5, 2},
                     {{.name = "conv", .type = NetLayerType::kConv2D, .units = 3, .window = {3, 2}},
                      {.name = "bn1", .type = NetLayerType::kBatchNorm},
                      {.name = "flatten", .type = NetLayerType::kFlatten},
                      {.name = "fc", .units = 6},
                      {.name = "bn2", .type = NetLayerType::kBatchNorm},
                      {.name = "drop", .type = NetLayerType::kDropout, .dropout_rate = 0.4F},
                      {.name = "output", .units = 4}});
  randomize(network, random);
  const Dataset data = random_data(network, 21, random);  // two chunks, one of them partial
  const Chain chain(network);
  nn::ThreadPool threads(2);
  BatchGradient batches(chain, data, 32, threads);
  std::vector<std::uint32_t> samples(data.size());
  std::iota(samples.begin(), samples.end(), 0U);
  const Chain::Training training{.noise = 5};
  std::vector<float> parameters = chain.layout().gather(network);
  const auto loss = [&] { return batches.run(parameters.data(), samples, 1.0F, training); };
  std::vector<float> gradient(parameters.size(), 0.0F);
  loss();
  batches.add_to(gradient.data(), 0, gradient.size());

  std::vector<bool> is_statistic(parameters.size(), false);
  for (const auto& block : chain.layout().statistics()) {
    std::fill_n(is_statistic.begin() + static_cast<std::ptrdiff_t>(block.offset), block.size, true);
  }
  int compared = 0;
  for (std::size_t k = 0; k < parameters.size(); ++k) {
    if (is_statistic[k]) continue;
    constexpr float kStep = 4e-3F;
    const float centre = parameters[k];
    parameters[k] = centre + kStep;
    const double above = loss();
    parameters[k] = centre - kStep;
    const double below = loss();
    parameters[k] = centre;
    const double expected = (above - below) / (2.0 * static_cast<double>(kStep));
    // The loss of 21 samples comes from float logits: good to about 1e-6 * 21 / step.
    ++compared;
    CAPTURE(k, expected);
    CHECK(static_cast<double>(gradient[k]) == Approx(expected).margin(0.01).epsilon(0.005));
  }
  CHECK(compared > 250);
}

TEST_CASE("training statistics are the means and variances of the samples", "[nn]") {
  Random random(72);
  Sequential network(
      {3}, {{.name = "bn", .type = NetLayerType::kBatchNorm}, {.name = "output", .units = 2}});
  network.initialize(1);
  const Dataset data = random_data(network, 16, random);  // one chunk
  const Chain chain(network);
  nn::ThreadPool threads(1);
  BatchGradient batches(chain, data, 16, threads);
  std::vector<std::uint32_t> samples(16);
  std::iota(samples.begin(), samples.end(), 0U);
  const std::vector<float> parameters = chain.layout().gather(network);
  batches.run(parameters.data(), samples, 1.0F, Chain::Training{});
  std::vector<float> sums(parameters.size(), 0.0F);
  batches.add_to(sums.data(), 0, sums.size());
  REQUIRE(chain.layout().statistics().size() == 1);
  const std::size_t offset = chain.layout().statistics()[0].offset;
  for (std::size_t c = 0; c < 3; ++c) {
    double sum = 0.0, squares = 0.0;
    for (std::size_t s = 0; s < 16; ++s) {
      const auto value = static_cast<double>(data.features[s * 3 + c]);
      sum += value;
      squares += value * value;
    }
    CHECK(static_cast<double>(sums[offset + c]) == Approx(sum).margin(1e-5));
    CHECK(static_cast<double>(sums[offset + 3 + c]) ==
          Approx(squares - sum * sum / 16.0).epsilon(1e-4));
  }
}

TEST_CASE("training learns running statistics and the folded network agrees", "[nn][train]") {
  Random random(73);
  Sequential network = normalized_network(0.2F);
  randomize(network, random);
  Dataset data = random_data(network, 300, random);
  for (float& x : data.features) x = 3.0F * x + 2.0F;
  for (std::size_t s = 0; s < data.size(); ++s) {  // something to learn
    data.labels[s] = data.sample(s)[0] > 2.0F ? 1 : 0;
  }
  const double kept =
      train(network, data, data, {.epochs = 40, .batch_size = 32, .learning_rate = 1e-2F});
  CHECK(kept > 0.8);
  const auto& norm = network.batch_norm(1);
  CHECK(*std::max_element(norm.variance.begin(), norm.variance.end()) > 2.5F);

  const Sequential folded = fold_batch_norm(network);
  CHECK(folded.num_layers() == network.num_layers() - 2);
  const auto logits = predict(network, data.features, data.size());
  const auto folded_logits = predict(folded, data.features, data.size());
  REQUIRE(logits.size() == folded_logits.size());
  for (std::size_t k = 0; k < logits.size(); ++k) {
    REQUIRE(static_cast<double>(logits[k]) ==
            Approx(static_cast<double>(folded_logits[k])).margin(1e-3).epsilon(1e-3));
  }
  CHECK(accuracy(folded, data) == Approx(kept).margin(0.01));
}

TEST_CASE("training with normalisation and dropout is the same for any number of threads",
          "[nn][train]") {
  std::vector<std::vector<float>> kernels;
  for (const int threads : {1, 3}) {
    Random random(74);
    Sequential network = normalized_network(0.3F);
    randomize(network, random);
    const Dataset data = random_data(network, 100, random);
    train(network, data, data, {.epochs = 2, .batch_size = 48, .threads = threads});
    kernels.emplace_back(network.kernel(4).begin(), network.kernel(4).end());
    kernels.back().push_back(network.batch_norm(5).mean[0]);
  }
  CHECK(kernels[0] == kernels[1]);
}

TEST_CASE("dropout zeroes its share, keeps the mean and ends with training", "[nn]") {
  Sequential network({1000},
                     {{.name = "drop", .type = NetLayerType::kDropout, .dropout_rate = 0.25F},
                      {.name = "output", .units = 2}});
  network.initialize(1);
  const Chain chain(network);
  auto workspace = chain.make_workspace(1, Chain::Purpose::kForward);
  const std::vector<float> ones(1000, 1.0F), parameters = chain.layout().gather(network);
  chain.load_sample(workspace, 0, ones.data());
  chain.forward(workspace, parameters.data(), 1);
  CHECK(std::count(workspace.input.begin(), workspace.input.end(), 1.0F) == 1000);
  chain.forward(workspace, parameters.data(), 1, Chain::Training{.noise = 3});
  const auto zeros = std::count(workspace.input.begin(), workspace.input.end(), 0.0F);
  const auto scaled = std::count(workspace.input.begin(), workspace.input.end(), 1.0F / 0.75F);
  CHECK(zeros + scaled == 1000);
  CHECK(std::abs(zeros - 250) < 60);  // more than four deviations of 13.7
}

TEST_CASE("dropout leaves every value as it is on average over training steps", "[nn][property]") {
  Sequential network({40}, {{.name = "drop", .type = NetLayerType::kDropout, .dropout_rate = 0.4F},
                            {.name = "output", .units = 2}});
  network.initialize(1);
  const Chain chain(network);
  auto workspace = chain.make_workspace(1, Chain::Purpose::kForward);
  std::vector<float> sample(40);
  std::iota(sample.begin(), sample.end(), 1.0F);
  const std::vector<float> parameters = chain.layout().gather(network);
  constexpr int kSteps = 20000;
  std::vector<double> sums(40, 0.0);
  for (int step = 0; step < kSteps; ++step) {
    chain.load_sample(workspace, 0, sample.data());
    chain.forward(workspace, parameters.data(), 1,
                  Chain::Training{.noise = static_cast<std::uint64_t>(step)});
    for (std::size_t k = 0; k < 40; ++k) sums[k] += static_cast<double>(workspace.input[k]);
  }
  // A kept value is 1 / 0.6 of itself: its deviation is sqrt(0.4 / 0.6), that of the mean 0.0058.
  for (std::size_t k = 0; k < 40; ++k) {
    CAPTURE(k);
    CHECK(sums[k] / kSteps / static_cast<double>(sample[k]) == Approx(1.0).margin(0.026));
  }
}

TEST_CASE("a normalisation that has nothing to be folded into is refused", "[nn]") {
  const Sequential network({3}, {{.name = "fc", .units = 3},
                                 {.name = "relu", .type = NetLayerType::kRelu},
                                 {.name = "bn", .type = NetLayerType::kBatchNorm},
                                 {.name = "output", .units = 2}});
  CHECK_THROWS_WITH(fold_batch_norm(network), Catch::Contains("'bn' cannot be folded"));
  CHECK_THROWS_WITH(
      Sequential({3}, {{.name = "drop", .type = NetLayerType::kDropout, .dropout_rate = 1.0F},
                       {.name = "output", .units = 2}}),
      Catch::Contains("dropout_rate"));
}

TEST_CASE("the SVHN network has its published size", "[nn]") {
  const Sequential network = fold_batch_norm(make_svhn_cnn());
  std::size_t weights = 0;
  for (int i = 0; i < network.num_layers(); ++i) weights += network.kernel(i).size();
  // 3x3x3x16 + 3x3x16x16 + 3x3x16x24 + 96x42 + 42x64 + 64x10
  CHECK(weights == 432 + 2304 + 3456 + 4032 + 2688 + 640);
}

}  // namespace
}  // namespace espalier::pruning
