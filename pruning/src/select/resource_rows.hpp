#pragma once

#include <array>
#include <cstdint>

#include "espalier/resource_model/resources.hpp"

namespace espalier::pruning {

/// One dimension of Resources, as a knapsack row sees it.
struct ResourceDimension {
  const char* name;
  std::int64_t resource_model::Resources::*amount;
};

inline constexpr std::array<ResourceDimension, 4> kResourceDimensions = {{
    {"dsp", &resource_model::Resources::dsp},
    {"bram18", &resource_model::Resources::bram18},
    {"lut", &resource_model::Resources::lut},
    {"ff", &resource_model::Resources::ff},
}};

}  // namespace espalier::pruning
