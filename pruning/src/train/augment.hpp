#pragma once

#include <cstdint>
#include <vector>

#include "espalier/pruning/train.hpp"

namespace espalier::pruning::nn {

/// Writes `image` (row, column, channel; extents as `shape`) to `to`, shifted and mirrored by what
/// the noise says.
void augment(const Augmentation& augmentation, const std::vector<int>& shape, const float* image,
             std::uint64_t noise, float* to) noexcept;

}  // namespace espalier::pruning::nn
