#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "espalier/resource_model/network_io.hpp"

#include "exchange/keras_architecture.hpp"
#include "exchange/tensor_file.hpp"

namespace espalier::tests {

/// A Keras file of a convolution of 4 x 4 pixels and a product.
inline std::string hdf5_sample() {
  const auto hardware = resource_model::parse_network(R"({"layers": [
    {"name": "conv", "type": "Conv2D", "in": [4, 4, 1], "kernel": [3, 3], "filters": 2,
     "strategy": "Latency", "activation": "relu"},
    {"name": "out", "type": "Dense", "n_out": 3, "strategy": "Latency"}]})",
                                                      "sample");
  const auto tensor = [](const char* name, std::vector<std::int64_t> shape, std::size_t count) {
    return pruning::FileTensor{name, std::move(shape), std::vector<float>(count, 0.5F)};
  };
  return pruning::write_keras_hdf5(
      pruning::keras_architecture(hardware),
      {{"conv", {tensor("kernel:0", {3, 3, 1, 2}, 18), tensor("bias:0", {2}, 2)}},
       {"out", {tensor("kernel:0", {8, 3}, 24), tensor("bias:0", {3}, 3)}}});
}

}  // namespace espalier::tests
