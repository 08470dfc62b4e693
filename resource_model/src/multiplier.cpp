// How many DSP blocks a product takes.
//
// A block multiplies signed operands of the widths below. A wider operand is cut into pieces: the
// upper piece is signed and as wide as the port, every further piece is unsigned and so one bit
// narrower; the product takes one block per pair of pieces (UG579, "Wider multipliers"). Either
// operand may go to either port. Narrow products are built of logic by Vivado HLS.

#include "multiplier.hpp"

#include <algorithm>

namespace espalier::resource_model {
namespace {

struct Ports {
  int wide;
  int narrow;
};

constexpr Ports ports_of(DspKind kind) noexcept {
  switch (kind) {
    case DspKind::kDsp48E1:
      return {25, 18};
    case DspKind::kDsp48E2:
      return {27, 18};
    case DspKind::kDsp58:
      return {27, 24};
  }
  return {25, 18};
}

constexpr int pieces(int width_bits, int port_bits) noexcept {
  if (width_bits <= port_bits) return 1;
  return 1 + (width_bits - port_bits + port_bits - 2) / (port_bits - 1);
}

// Products below either bound were logic in the reports (8 x 8, 7 x 7, 5 x 3, 4 x 16 bits),
// products at or above both had a block (6 x 14, 7 x 16, 8 x 16 bits).
constexpr int kMinNarrowBits = 6;
constexpr int kMinSumBits = 20;

}  // namespace

int dsp_per_product(const FixedPoint& a, const FixedPoint& b, DspKind kind) noexcept {
  const int narrow = std::min(a.width_bits, b.width_bits);
  if (narrow < kMinNarrowBits || a.width_bits + b.width_bits < kMinSumBits) return 0;
  const Ports ports = ports_of(kind);
  const int a_signed = a.width_bits + (a.is_signed ? 0 : 1);
  const int b_signed = b.width_bits + (b.is_signed ? 0 : 1);
  return std::min(pieces(a_signed, ports.wide) * pieces(b_signed, ports.narrow),
                  pieces(a_signed, ports.narrow) * pieces(b_signed, ports.wide));
}

}  // namespace espalier::resource_model
