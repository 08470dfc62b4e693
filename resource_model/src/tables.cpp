// Activations with tables of 1024 entries of 18 bits, one RAMB18 each, read by two values at once
// (both ports of the memory). Softmax has one exponential table per two values and one inversion
// table, and multiplies each value by the inverse (read off synthesis reports).

#include "tables.hpp"

#include <bit>

#include "espalier/support/exact.hpp"

namespace espalier::resource_model {

Resources activation_resources(Activation activation, std::int64_t values,
                               const FixedPoint& type) noexcept {
  switch (activation) {
    case Activation::kLinear:
      return {};
    case Activation::kRelu:
      // A comparison and a selection, one LUT per bit each.
      return {.lut = 2 * values * type.width_bits};
    case Activation::kSigmoid:
    case Activation::kTanh:
      return {.bram18 = ceil_div<std::int64_t>(values, 2)};
    case Activation::kSoftmax:
      return {.dsp = values, .bram18 = ceil_div<std::int64_t>(values, 2) + 1};
  }
  return {};
}

std::int64_t activation_latency(Activation activation, std::int64_t values) noexcept {
  switch (activation) {
    case Activation::kLinear:
      return 0;
    case Activation::kRelu:
      return 1;
    case Activation::kSigmoid:
    case Activation::kTanh:
      return 2;
    case Activation::kSoftmax:
      // Table, adder tree, table, product.
      return 4 + static_cast<std::int64_t>(
                     std::bit_width(static_cast<std::uint64_t>(values > 0 ? values - 1 : 0)));
  }
  return 0;
}

}  // namespace espalier::resource_model
