#pragma once

#include <cstdint>

#include "espalier/resource_model/network.hpp"

namespace espalier::resource_model {

struct Timing {
  std::int64_t latency_cycles = 0;
  std::int64_t ii_cycles = 0;  ///< initiation interval
};

/// Cycles of a layer without its activation.
Timing layer_timing(const Network& network, const Layer& layer);

}  // namespace espalier::resource_model
