#include "espalier/pruning/dataset.hpp"

namespace espalier::pruning {

std::size_t Dataset::sample_size() const noexcept {
  std::size_t size = 1;
  for (const int extent : sample_shape) size *= static_cast<std::size_t>(extent);
  return size;
}

std::span<const float> Dataset::sample(std::size_t i) const noexcept {
  const std::size_t size = sample_size();
  return {features.data() + i * size, size};
}

}  // namespace espalier::pruning
