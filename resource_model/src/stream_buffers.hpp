#pragma once

#include <cstdint>

#include "espalier/resource_model/network.hpp"

namespace espalier::resource_model {

/// Block RAMs of the queue in front of a layer of an io_stream network: between the zero padding of
/// a convolution and the convolution; 0 without padding.
std::int64_t padding_queue_blocks(Backend backend, const Layer& layer) noexcept;

/// Block RAMs of the queues inside a layer: between the two halves of a separable convolution, and
/// the windows of ConvImplementation::kEncoded.
std::int64_t inner_queue_blocks(Backend backend, const Layer& layer) noexcept;

/// Block RAMs of the queues behind a layer: one after the layer itself and one after its
/// activation, if it has any. The last layer of a network writes to the outside.
std::int64_t output_queue_blocks(Backend backend, const Layer& layer) noexcept;

}  // namespace espalier::resource_model
