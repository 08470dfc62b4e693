#include "data/split_off.hpp"

namespace espalier::pruning::data {

Dataset split_off(Dataset& data, std::size_t count) {
  const std::size_t first = data.size() - count;
  const auto feature =
      data.features.begin() + static_cast<std::ptrdiff_t>(first * data.sample_size());
  const auto label = data.labels.begin() + static_cast<std::ptrdiff_t>(first);
  Dataset tail;
  tail.sample_shape = data.sample_shape;
  tail.num_classes = data.num_classes;
  tail.features.assign(feature, data.features.end());
  tail.labels.assign(label, data.labels.end());
  data.features.erase(feature, data.features.end());
  data.labels.erase(label, data.labels.end());
  return tail;
}

}  // namespace espalier::pruning::data
