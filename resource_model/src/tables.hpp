#pragma once

#include "espalier/resource_model/network.hpp"
#include "espalier/resource_model/resources.hpp"

namespace espalier::resource_model {

/// Look-up tables and multipliers of an activation applied to `values` numbers at once.
Resources activation_resources(Activation activation, std::int64_t values) noexcept;

/// Clock cycles from input to output of an activation over `values` numbers.
std::int64_t activation_latency(Activation activation, std::int64_t values) noexcept;

}  // namespace espalier::resource_model
