#pragma once

#include <cstdint>

#include "espalier/resource_model/network.hpp"

namespace espalier::resource_model {

/// Block RAMs of the queues behind a layer of an io_stream network: one after the layer itself and
/// one after its activation, if it has any. The last layer of a network writes to the outside.
std::int64_t queue_blocks(const Layer& layer);

}  // namespace espalier::resource_model
