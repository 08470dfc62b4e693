#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/pruning/sequential.hpp"
#include "espalier/support/error.hpp"

namespace espalier::pruning {
namespace {

using Shape = std::vector<int>;

TEST_CASE("the networks of the published experiments have their shapes", "[nn]") {
  const Sequential mlp = make_jet_mlp();
  std::size_t weights = 0;
  for (int i = 0; i < mlp.num_layers(); ++i) weights += mlp.kernel(i).size();
  CHECK(weights == 4256);
  CHECK(mlp.num_classes() == 5);

  const Sequential lenet = make_lenet();
  CHECK(lenet.output_shape(-1) == Shape{28, 28, 1});
  CHECK(lenet.output_shape(0) == Shape{28, 28, 6});
  CHECK(lenet.output_shape(2) == Shape{14, 14, 6});
  CHECK(lenet.output_shape(3) == Shape{10, 10, 16});
  CHECK(lenet.output_shape(6) == Shape{400});
  CHECK(lenet.kernel(7).size() == 48000);
  CHECK(lenet.kernel(9).size() == 10080);
  CHECK(lenet.num_classes() == 10);
  CHECK(lenet.has_weights(0));
  CHECK_FALSE(lenet.has_weights(1));
}

TEST_CASE("initial weights depend on the seed and have He's variance", "[nn]") {
  Sequential a = make_lenet(), b = make_lenet();
  a.initialize(1);
  b.initialize(1);
  CHECK(std::equal(a.kernel(7).begin(), a.kernel(7).end(), b.kernel(7).begin()));
  double squares = 0.0;
  for (const float w : a.kernel(7)) squares += static_cast<double>(w) * static_cast<double>(w);
  // 2 / 400; the mean of 48000 squares of uniform numbers deviates by less than 1 %.
  CHECK(squares / 48000 == Approx(2.0 / 400).epsilon(0.03));
  for (const float bias : a.bias(7)) CHECK(bias == 0.0F);
  b.initialize(2);
  CHECK(a.kernel(7)[0] != b.kernel(7)[0]);
}

TEST_CASE("a copy has its own parameters", "[nn]") {
  Sequential a = make_jet_mlp();
  a.initialize(1);
  Sequential b = a;
  b.kernel(0)[0] = 99.0F;
  CHECK(a.kernel(0)[0] != 99.0F);
}

std::string error_of(Shape input, std::vector<NetLayer> layers) {
  try {
    const Sequential network(std::move(input), std::move(layers));
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST_CASE("layers that do not fit are refused by name", "[nn]") {
  const NetLayer output = {.name = "output", .units = 2};
  const NetLayer flatten = {.name = "flatten", .type = NetLayerType::kFlatten};
  const NetLayer conv = {
      .name = "conv", .type = NetLayerType::kConv2D, .units = 2, .window = {5, 5}};
  NetLayer no_units = output, no_stride = conv, no_name = output;
  no_units.units = 0;
  no_stride.stride = {1, 0};
  no_name.name.clear();
  struct Case {
    std::string message;
    std::string expected;
  };
  const std::vector<Case> cases = {
      {error_of({8, 8, 1}, {output}), "layer 'output' is dense but its input has shape 8x8x1"},
      {error_of({8}, {conv, output}), "layer 'conv' has an input of shape 8; expected height"},
      {error_of({4, 9, 1}, {conv, flatten, output}),
       "layer 'conv' has a window of 5x5 on an input of shape 4x9x1"},
      {error_of({8, 8, 1}, {no_stride, flatten, output}),
       "layer 'conv' has window 5x5 and stride 1x0"},
      {error_of({8}, {no_units}), "the output of layer 'output' has shape 0"},
      {error_of({8}, {no_name}), "layer 0 has no name"},
      {error_of({8}, {output, output}), "layer 1 is called 'output' like one before it"},
      {error_of({8, 8, 1}, {conv}), "the network ends with layer 'conv' of shape 4x4x2"},
      {error_of({8}, {}), "has no layers"},
      {error_of({8, 8}, {output}), "has 2 dimensions"},
      {error_of({0}, {output}), "the network's input has shape 0"},
      {error_of({1 << 20}, {{.name = "wide", .units = 1 << 20}}),
       "layer 'wide' has 1048576x1048576"},
  };
  for (const Case& c : cases) CHECK_THAT(c.message, Catch::Contains(c.expected));
}

}  // namespace
}  // namespace espalier::pruning
