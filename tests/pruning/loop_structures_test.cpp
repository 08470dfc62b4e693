#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/pruning/prune.hpp"
#include "espalier/pruning/selection.hpp"
#include "espalier/pruning/train.hpp"
#include "espalier/resource_model/network_io.hpp"
#include "espalier/resource_model/weight_layout.hpp"
#include "espalier/support/error.hpp"
#include "espalier/support/random.hpp"

#include "loop/acceptance.hpp"
#include "loop/hardware_link.hpp"
#include "loop/masks.hpp"

using namespace espalier::pruning;
using espalier::Random;
using espalier::resource_model::form_structures;
using espalier::resource_model::Layer;
using espalier::resource_model::LayerStructures;
using espalier::resource_model::LayerType;
using espalier::resource_model::Network;
using espalier::resource_model::Objective;
using espalier::resource_model::Strategy;
using espalier::resource_model::WeightLayout;

namespace {

Layer dense(const char* name, int n_in, int n_out, int reuse_factor, int width_bits) {
  Layer layer;
  layer.name = name;
  layer.n_in = n_in;
  layer.n_out = n_out;
  layer.strategy = Strategy::kResource;
  layer.reuse_factor = reuse_factor;
  layer.weight = {.width_bits = width_bits, .integer_bits = 6};
  return layer;
}

/// A convolution, a pool and two dense layers, with structures of every kind.
Network small_hardware(int width_bits) {
  Network hardware;
  Layer conv;
  conv.name = "conv";
  conv.type = LayerType::kConv2D;
  conv.input = {6, 6, 2};
  conv.kernel = {3, 3};
  conv.filters = 4;
  conv.weight = {.width_bits = width_bits, .integer_bits = 6};
  Layer pool;
  pool.name = "pool";
  pool.type = LayerType::kMaxPooling;
  pool.input = {4, 4, 4};
  pool.kernel = {2, 2};
  pool.stride = {2, 2};
  hardware.layers = {conv, pool, dense("fc", 16, 30, 4, width_bits),
                     dense("out", 30, 7, 10, width_bits)};
  return hardware;
}

std::vector<std::span<const float>> kernels_of(const Sequential& network,
                                               const std::vector<LayerLink>& links) {
  std::vector<std::span<const float>> kernels;
  for (const LayerLink& link : links) kernels.push_back(network.kernel(link.network_layer));
  return kernels;
}

std::vector<std::vector<std::uint8_t>> random_choice(const std::vector<LayerStructures>& structures,
                                                     Random& random) {
  std::vector<std::vector<std::uint8_t>> kept;
  for (const LayerStructures& s : structures) {
    kept.emplace_back();
    for (std::int64_t k = 0; k < s.num_structures; ++k) kept.back().push_back(random.chance(0.4));
  }
  return kept;
}

}  // namespace

TEST_CASE("values are norms over the structure's weights, the largest of a layer is 1",
          "[select]") {
  const Layer layer = dense("fc", 2, 3, 2, 16);
  const LayerStructures structures{
      .num_weights = 6, .weights_per_structure = 4, .num_structures = 2};
  // Framework order (in, out); in hardware order: 1 -4 | 2 5 | -3 6.
  const std::vector<float> kernel = {1.0F, 2.0F, -3.0F, -4.0F, 5.0F, 6.0F};
  const auto l1 = structure_values(kernel, layer, structures, ValueMetric::kL1);
  REQUIRE(l1.size() == 2);
  CHECK(l1[0] == 1.0);
  CHECK(l1[1] == Approx(9.0 / 12.0));
  const auto l2 = structure_values(kernel, layer, structures, ValueMetric::kL2);
  CHECK(l2[0] == 1.0);
  CHECK(l2[1] == Approx(std::sqrt(45.0 / 46.0)));
  CHECK(structure_values(std::vector<float>(6), layer, structures, ValueMetric::kL1) ==
        std::vector<double>{0.0, 0.0});
}

TEST_CASE("values from derivatives weigh each weight with its sensitivity", "[select]") {
  const Layer layer = dense("fc", 2, 3, 2, 16);
  const LayerStructures structures{
      .num_weights = 6, .weights_per_structure = 4, .num_structures = 2};
  const std::vector<float> kernel = {1.0F, 2.0F, -3.0F, -4.0F, 5.0F, 6.0F};
  const std::vector<float> s = {1.0F, 0.5F, 2.0F, 0.25F, 0.0F, 1.0F};
  const auto values = [&](ValueMetric metric, ValueScale scale) {
    return structure_values(kernel, layer, structures, metric, scale, s);
  };
  // Structures as above: 1 -4 2 5 | -3 6, sensitivities 1 0.25 0.5 0 | 2 1.
  CHECK(values(ValueMetric::kGradient, ValueScale::kNone) == std::vector<double>{3.0, 12.0});
  CHECK(values(ValueMetric::kGradient, ValueScale::kLayerLargest) ==
        std::vector<double>{0.25, 1.0});
  CHECK(values(ValueMetric::kSecondOrder, ValueScale::kNone) == std::vector<double>{3.5, 27.0});
  CHECK_THROWS_WITH(structure_values(kernel, layer, structures, ValueMetric::kGradient),
                    Catch::Matchers::Contains("sensitivities of 0"));
}

TEST_CASE("a weight that is no number stops the valuation and is named", "[select]") {
  const Layer layer = dense("fc", 2, 1, 2, 16);
  const LayerStructures structures{
      .num_weights = 2, .weights_per_structure = 2, .num_structures = 1};
  const std::vector<float> bad = {1.0F, std::nanf("")};
  CHECK_THROWS_WITH(structure_values(bad, layer, structures, ValueMetric::kL1),
                    Catch::Matchers::Contains("weight 1 of layer fc"));
  CHECK_THROWS_WITH(structure_values(std::vector<float>(3), layer, structures, ValueMetric::kL1),
                    Catch::Matchers::Contains("expected 2"));
}

TEST_CASE("the resources of a masked network are those of its structures", "[loop][property]") {
  Random random(3);
  for (int round = 0; round < 200; ++round) {
    const int width_bits = static_cast<int>(random.integer(10, 24));
    const Objective objective{
        .bram = random.chance(0.5), .lut = random.chance(0.5), .ff = random.chance(0.5)};
    CAPTURE(round, width_bits, objective.bram, objective.lut, objective.ff);
    const Network hardware = small_hardware(width_bits);
    Sequential network = make_network(hardware);
    network.initialize(static_cast<std::uint64_t>(round));
    const auto links = link_layers(network, hardware);
    const auto structures = form_structures(hardware, objective);
    const auto kept = random_choice(structures, random);
    const LayerMasks masks = masks_of_selection(hardware, structures, kept);
    apply_masks(network, kernel_masks(network, links, masks));

    espalier::resource_model::Resources freed;
    for (std::size_t i = 0; i < structures.size(); ++i) {
      const WeightLayout layout(hardware.layers[static_cast<std::size_t>(structures[i].layer)]);
      const auto& mask = masks[i];
      for (std::int64_t f = 0; f < structures[i].num_weights; ++f) {
        const auto k = static_cast<std::size_t>(f / structures[i].weights_per_structure);
        REQUIRE(mask[static_cast<std::size_t>(layout.framework_index(f))] == kept[i][k]);
      }
      for (std::size_t k = 0; k < kept[i].size(); ++k) {
        const bool is_last = k + 1 == kept[i].size();
        if (!kept[i][k]) {
          freed = freed + (is_last ? structures[i].last_structure : structures[i].per_structure);
        }
      }
    }
    const auto before = sum_of(resources_of_all_weights(hardware));
    const auto after = sum_of(resources_of_kernels(kernels_of(network, links), hardware));
    REQUIRE(after.dsp == before.dsp - freed.dsp);
    if (objective.bram) REQUIRE(after.bram18 == before.bram18 - freed.bram18);
    if (objective.lut) REQUIRE(after.lut == before.lut - freed.lut);
    if (objective.ff) REQUIRE(after.ff == before.ff - freed.ff);
  }
}

TEST_CASE("penalties cover every weight once and follow the cost of structures", "[loop]") {
  const Network hardware = small_hardware(36);
  const Sequential network = make_network(hardware);
  const auto links = link_layers(network, hardware);
  const auto structures = form_structures(hardware, Objective::kDspAndBram);
  const auto baseline = sum_of(resources_of_all_weights(hardware));
  const auto penalties = group_penalties(hardware, links, structures, baseline, 0.5);
  REQUIRE(penalties.size() == structures.size());
  float largest = 0.0F;
  for (std::size_t i = 0; i < penalties.size(); ++i) {
    largest = std::max(largest, penalties[i].strength);
    CHECK(penalties[i].group_size == structures[i].weights_per_structure);
    auto order = penalties[i].order;
    std::sort(order.begin(), order.end());
    REQUIRE(static_cast<std::int64_t>(order.size()) == structures[i].num_weights);
    for (std::size_t f = 0; f < order.size(); ++f) {
      REQUIRE(order[f] == static_cast<std::int32_t>(f));
    }
  }
  CHECK(largest == 0.5F);
  CHECK(group_penalties(hardware, links, structures, baseline, 0.0).empty());
}

TEST_CASE("hardware that is not the network's is refused by layer", "[loop]") {
  using Catch::Matchers::Contains;
  const Network hardware = small_hardware(16);
  const Sequential network = make_network(hardware);
  Network other = hardware;
  other.layers[2].n_out = 31;
  CHECK_THROWS_WITH(link_layers(network, other), Contains("fc") && Contains("16 by 31"));
  other = hardware;
  other.layers.pop_back();
  CHECK_THROWS_WITH(link_layers(network, other), Contains("2 layers"));
  other = hardware;
  other.layers[0] = dense("flat", 18, 4, 1, 16);
  CHECK_THROWS_WITH(link_layers(network, other), Contains("different types"));
}

TEST_CASE("the standard error counts only samples on which the networks differ", "[loop]") {
  std::vector<std::uint8_t> a(100, 1);
  std::vector<std::uint8_t> b = a;
  CHECK(standard_error_of_difference(a, b) == 0.0);
  for (std::size_t i = 0; i < 16; ++i) (i % 2 == 0 ? a : b)[i] = 0;
  CHECK(standard_error_of_difference(a, b) == Approx(0.04));
  CHECK(fraction_of(a) == Approx(0.92));
}

TEST_CASE("a hardware description becomes the network that it describes", "[loop]") {
  Network hardware = small_hardware(16);
  hardware.layers[2].activation = espalier::resource_model::Activation::kRelu;
  const Sequential network = make_network(hardware);
  CHECK(network.input_shape() == std::vector<int>{6, 6, 2});
  CHECK(network.num_classes() == 7);
  std::vector<NetLayerType> types;
  for (int i = 0; i < network.num_layers(); ++i) types.push_back(network.layer(i).type);
  CHECK(types == std::vector<NetLayerType>{NetLayerType::kConv2D, NetLayerType::kMaxPool2D,
                                           NetLayerType::kFlatten, NetLayerType::kDense,
                                           NetLayerType::kRelu, NetLayerType::kDense});
  hardware.layers[2].activation = espalier::resource_model::Activation::kTanh;
  CHECK_THROWS_WITH(make_network(hardware), Catch::Matchers::Contains("layer fc has activation"));
}

TEST_CASE("training rounds what a rectifier leaves and not the sum that it takes", "[loop]") {
  Network hardware = small_hardware(16);
  hardware.layers[2].activation = espalier::resource_model::Activation::kRelu;
  const Sequential network = make_network(hardware);
  const auto types = fixed_point_of(network, hardware, link_layers(network, hardware));
  REQUIRE(network.layer(3).type == NetLayerType::kDense);
  CHECK(types.layers[3].weight.has_value());
  CHECK_FALSE(types.layers[3].output.has_value());
  REQUIRE(network.layer(4).type == NetLayerType::kRelu);
  CHECK(types.layers[4].output == hardware.layers[2].result);
  CHECK(types.layers[0].output == hardware.layers[0].result);  // no rectifier behind it

  // The same rectifier as a layer of its own: the sum has a type, too.
  Layer rectifier;
  rectifier.name = "relu";
  rectifier.type = LayerType::kActivation;
  rectifier.n_in = hardware.layers[2].n_out;
  rectifier.activation = espalier::resource_model::Activation::kRelu;
  rectifier.result = {.width_bits = 5, .integer_bits = 1, .is_signed = false};
  hardware.layers[2].activation = espalier::resource_model::Activation::kLinear;
  const Layer last = std::exchange(hardware.layers.back(), rectifier);
  hardware.layers.push_back(last);
  const Sequential same = make_network(hardware);
  REQUIRE(same.layer(4).type == NetLayerType::kRelu);
  const auto own = fixed_point_of(same, hardware, link_layers(same, hardware));
  CHECK(own.layers[3].output == hardware.layers[2].result);
  CHECK(own.layers[4].output == rectifier.result);
}

TEST_CASE("dropout of a description is trained with, before and after folding", "[loop]") {
  const Network hardware = espalier::resource_model::parse_network(R"({"layers": [
    {"name": "in_drop", "type": "Dropout", "rate": 0.1},
    {"name": "a", "type": "Dense", "n_in": 6, "n_out": 5, "strategy": "Latency"},
    {"name": "a_bn", "type": "BatchNormalization", "activation": "relu"},
    {"name": "drop", "type": "Dropout", "rate": 0.25},
    {"name": "b", "type": "Dense", "n_out": 3, "strategy": "Latency", "activation": "softmax"}]})",
                                                                   "net.json");
  const auto types_of = [](const Sequential& network) {
    std::vector<NetLayerType> types;
    for (int i = 0; i < network.num_layers(); ++i) types.push_back(network.layer(i).type);
    return types;
  };
  Sequential network = make_network(hardware);
  network.initialize(3);
  CHECK(types_of(network) == std::vector<NetLayerType>{NetLayerType::kDropout, NetLayerType::kDense,
                                                       NetLayerType::kBatchNorm,
                                                       NetLayerType::kRelu, NetLayerType::kDropout,
                                                       NetLayerType::kDense});
  CHECK(network.layer(0).dropout_rate == 0.1F);
  CHECK(network.layer(4).dropout_rate == 0.25F);
  const Sequential folded = fold_batch_norm(network);
  CHECK(types_of(folded) == types_of(make_network(fold_batch_norm(hardware))));
  // Nothing is dropped outside training.
  Network without = hardware;
  without.input_dropout_rate = without.layers[1].dropout_rate = 0.0;
  Sequential plain = make_network(without);
  plain.initialize(3);
  const std::vector<float> features = {0.5F, -1.0F, 2.0F, 0.25F, -0.75F, 1.5F};
  CHECK(predict(network, features, 1) == predict(plain, features, 1));

  Network between = hardware;
  between.layers[0].dropout_rate = 0.5;
  CHECK_THROWS_WITH(make_network(between), Catch::Matchers::Contains("layer a_bn") &&
                                               Catch::Matchers::Contains("right behind"));
}
