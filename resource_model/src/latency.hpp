#pragma once

#include <cstdint>

#include "espalier/resource_model/network.hpp"

namespace espalier::resource_model {

struct Timing {
  std::int64_t latency_cycles = 0;
  std::int64_t ii_cycles = 0;  ///< initiation interval
};

/// Cycles of a layer without its activation. `uses_dsp` tells whether its products are built of DSP
/// blocks, which are pipelined, or of logic.
Timing layer_timing(const Network& network, const Layer& layer, bool uses_dsp);

}  // namespace espalier::resource_model
