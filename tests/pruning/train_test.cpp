#include "espalier/pruning/train.hpp"

#include <cmath>
#include <cstdint>
#include <stop_token>
#include <vector>

#include <catch2/catch.hpp>
#include <tbb/global_control.h>

#include "espalier/support/error.hpp"
#include "espalier/support/random.hpp"

namespace espalier::pruning {
namespace {

std::vector<std::vector<float>> kernels_of(const Sequential& network) {
  std::vector<std::vector<float>> kernels;
  for (int i = 0; i < network.num_layers(); ++i) {
    kernels.emplace_back(network.kernel(i).begin(), network.kernel(i).end());
  }
  return kernels;
}

KernelMasks random_masks(const Sequential& network, std::uint64_t seed) {
  Random random(seed);
  KernelMasks masks(static_cast<std::size_t>(network.num_layers()));
  for (int i = 0; i < network.num_layers(); ++i) {
    auto& mask = masks[static_cast<std::size_t>(i)];
    for (std::size_t k = 0; k < network.kernel(i).size(); ++k) mask.push_back(random.chance(0.5));
  }
  return masks;
}

GroupPenalty penalty_on(const Sequential& network, int layer, float strength) {
  GroupPenalty penalty{.layer = layer, .group_size = 4, .strength = strength};
  for (std::size_t k = 0; k < network.kernel(layer).size(); ++k) {
    penalty.order.push_back(static_cast<std::int32_t>(k));
  }
  return penalty;
}

/// 1003 images that no batch or chunk size divides, of two classes that differ in one corner.
Dataset small_images(std::size_t count) {
  Dataset data;
  data.sample_shape = {8, 8, 2};
  data.num_classes = 2;
  Random random(5);
  for (std::size_t i = 0; i < count; ++i) {
    const auto label = static_cast<std::int32_t>(random.integer(0, 1));
    data.labels.push_back(label);
    for (int k = 0; k < 128; ++k) {
      const double corner = k < 6 && label == 1 ? 1.0 : 0.0;
      data.features.push_back(static_cast<float>(random.uniform() + corner));
    }
  }
  return data;
}

Sequential small_cnn() {
  return Sequential(
      {8, 8, 2},
      {{.name = "conv",
        .type = NetLayerType::kConv2D,
        .units = 3,
        .window = {3, 3},
        .padding = NetPadding::kSame},
       {.name = "relu", .type = NetLayerType::kRelu},
       {.name = "pool", .type = NetLayerType::kMaxPool2D, .window = {2, 2}, .stride = {2, 2}},
       {.name = "flatten", .type = NetLayerType::kFlatten},
       {.name = "output", .type = NetLayerType::kDense, .units = 2}});
}

TEST_CASE("training gives the same bits on 1, 2 and 4 threads", "[train]") {
  const tbb::global_control four(tbb::global_control::max_allowed_parallelism, 4);
  const Dataset data = small_images(1003);
  for (const Optimizer optimizer : {Optimizer::kAdam, Optimizer::kSgdMomentum}) {
    std::vector<std::vector<std::vector<float>>> results;
    std::vector<double> accuracies;
    for (const int threads : {1, 2, 4}) {
      Sequential network = small_cnn();
      network.initialize(3);
      const TrainOptions options{
          .epochs = 2,
          .batch_size = 100,
          .optimizer = optimizer,
          .learning_rate = 0.01F,
          .threads = threads,
          .penalties = {penalty_on(network, 0, 1e-3F), penalty_on(network, 4, 1e-3F)},
          .restore_best = false};
      accuracies.push_back(train(network, data, data, options, random_masks(network, 9)));
      results.push_back(kernels_of(network));
    }
    CHECK(results[0] == results[1]);
    CHECK(results[0] == results[2]);
    CHECK(accuracies[0] == accuracies[1]);
    CHECK(accuracies[0] == accuracies[2]);
    CHECK(accuracies[0] > 0.75);  // measured 0.89 and more; guessing gives 0.5
  }
}

TEST_CASE("another seed shuffles differently", "[train]") {
  const Dataset data = small_images(200);
  std::vector<std::vector<std::vector<float>>> results;
  for (const std::uint64_t seed : {1U, 2U}) {
    Sequential network = small_cnn();
    network.initialize(3);
    train(network, data, data, {.epochs = 1, .batch_size = 32, .seed = seed});
    results.push_back(kernels_of(network));
  }
  CHECK(results[0] != results[1]);
}

TEST_CASE("masked weights are exactly zero after training", "[train]") {
  const Dataset data = small_images(300);
  for (const Optimizer optimizer : {Optimizer::kAdam, Optimizer::kSgdMomentum}) {
    Sequential network = small_cnn();
    network.initialize(4);
    const auto before = kernels_of(network);
    const KernelMasks masks = random_masks(network, 2);
    train(network, data, data,
          {.epochs = 2,
           .batch_size = 32,
           .optimizer = optimizer,
           .penalties = {penalty_on(network, 4, 1e-2F)}},
          masks);
    int masked = 0, moved = 0;
    for (int i = 0; i < network.num_layers(); ++i) {
      const auto layer = static_cast<std::size_t>(i);
      for (std::size_t k = 0; k < network.kernel(i).size(); ++k) {
        if (masks[layer][k] == 0) {
          ++masked;
          CHECK(network.kernel(i)[k] == 0.0F);
        } else if (network.kernel(i)[k] != before[layer][k]) {
          ++moved;
        }
      }
    }
    CHECK(masked > 50);
    CHECK(moved > 50);
  }
}

}  // namespace
}  // namespace espalier::pruning
