#pragma once

#include "espalier/resource_model/network.hpp"
#include "espalier/resource_model/resources.hpp"

namespace espalier::resource_model {

/// Look-up tables, multipliers and comparisons of an activation applied to `values` numbers of a
/// type at once.
Resources activation_resources(Activation activation, std::int64_t values,
                               const FixedPoint& type) noexcept;

/// Clock cycles from input to output of an activation over `values` numbers.
std::int64_t activation_latency(Activation activation, std::int64_t values) noexcept;

}  // namespace espalier::resource_model
