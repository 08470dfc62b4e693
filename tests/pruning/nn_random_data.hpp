#pragma once

#include <cstddef>
#include <cstdint>

#include "espalier/pruning/dataset.hpp"
#include "espalier/pruning/sequential.hpp"
#include "espalier/support/random.hpp"

namespace espalier::tests {

/// Features uniform in [-1, 1), labels uniform.
inline pruning::Dataset random_data(const pruning::Sequential& network, std::size_t count,
                                    Random& random) {
  pruning::Dataset data;
  data.sample_shape = network.input_shape();
  data.num_classes = network.num_classes();
  for (std::size_t i = 0; i < count; ++i) {
    data.labels.push_back(static_cast<std::int32_t>(random.integer(0, data.num_classes - 1)));
    for (std::size_t k = 0; k < data.sample_size(); ++k) {
      data.features.push_back(static_cast<float>(2.0 * random.uniform() - 1.0));
    }
  }
  return data;
}

}  // namespace espalier::tests
