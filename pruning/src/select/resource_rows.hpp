#pragma once

#include <algorithm>
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

/// Sum over the resources of what `cost` is of `whole`, where a whole of zero counts as one.
inline double share_of(const resource_model::Resources& cost,
                       const resource_model::Resources& whole) noexcept {
  double share = 0.0;
  for (const ResourceDimension& d : kResourceDimensions) {
    if (cost.*d.amount > 0) {
      share += static_cast<double>(cost.*d.amount) /
               static_cast<double>(std::max<std::int64_t>(whole.*d.amount, 1));
    }
  }
  return share;
}

}  // namespace espalier::pruning
