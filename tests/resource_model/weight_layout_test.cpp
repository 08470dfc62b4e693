#include "espalier/resource_model/weight_layout.hpp"

#include <set>

#include <catch2/catch.hpp>

#include "random_layer.hpp"

using namespace espalier::resource_model;

TEST_CASE("The hardware order is a permutation of the framework's order") {
  espalier::Random random(7);
  for (int trial = 0; trial < 500; ++trial) {
    const Network network = espalier::tests::random_one_layer_network(random);
    const Layer& layer = network.layers[0];
    const WeightLayout layout(layer);
    REQUIRE(layout.num_weights() == layer.num_weights());
    std::set<std::int64_t> seen;
    std::set<std::pair<std::int64_t, std::int64_t>> slots;
    for (std::int64_t f = 0; f < layout.num_weights(); ++f) {
      const std::int64_t k = layout.framework_index(f);
      REQUIRE(layout.hardware_index(k) == f);
      seen.insert(k);
      slots.insert({layout.lane(f), layout.cycle(f)});
    }
    REQUIRE(*seen.begin() == 0);
    REQUIRE(*seen.rbegin() == layout.num_weights() - 1);
    REQUIRE(static_cast<std::int64_t>(seen.size()) == layout.num_weights());
    REQUIRE(static_cast<std::int64_t>(slots.size()) == layout.num_weights());
  }
}

TEST_CASE("A dense kernel is stored output by output") {
  Layer layer;
  layer.n_in = 3;
  layer.n_out = 2;
  layer.reuse_factor = 3;
  const WeightLayout layout(layer);
  // Kernel (in, out), row-major: w00 w01 w10 w11 w20 w21. Output 0 reads w00 w10 w20.
  CHECK(layout.framework_index(0) == 0);
  CHECK(layout.framework_index(1) == 2);
  CHECK(layout.framework_index(2) == 4);
  CHECK(layout.framework_index(3) == 1);
  CHECK(layout.lane(2) == 0);
  CHECK(layout.lane(3) == 1);
  CHECK(layout.cycle(4) == 1);
}
