#pragma once

#include "espalier/resource_model/device.hpp"
#include "espalier/resource_model/fixed_point.hpp"

namespace espalier::resource_model {

/// DSP blocks that one product of the two types occupies; 0 when it is built of logic.
int dsp_per_product(const FixedPoint& a, const FixedPoint& b, DspKind kind) noexcept;

}  // namespace espalier::resource_model
