// Read-only memories in block RAM.
//
// hls4ml stores the N weights of a Resource layer as RF words of N / RF weights. HLS cuts the word
// into columns of the widest shape of a RAMB18 (UG473, UG573: 512 x 36, 1K x 18, 2K x 9, 4K x 4,
// 8K x 2, 16K x 1) that is deep enough. Read off synthesis reports, and kept true by the golden
// test against them:
// - Memories of fewer than 1024 bits are built of LUTs.
// - Beyond 1024 words, whole 36-bit columns are stacked in the cheapest way (three RAMB18 for 1152
//   words) and the rest of the width takes the shape that is as deep as the memory.
// - Beyond 16K words, columns of one bit are stacked to a power of two.
// - Constants are stored without redundant sign bits at the top of the word, so the topmost weight
//   takes only the bits that its largest value needs. Weights of trained networks are mostly below
//   one half in magnitude, which leaves W - I of the W bits of ap_fixed<W,I>: 16384 bits of
//   ap_fixed<16,6> take 455 columns of 36 bits, not 456. Types with more integer than fraction
//   bits are chosen for large weights and are stored in full.

#include "weight_rom.hpp"

#include <algorithm>
#include <bit>

#include "espalier/support/exact.hpp"

namespace espalier::resource_model {
namespace {

struct Shape {
  std::int64_t depth;
  int bits;
};

constexpr std::array<Shape, 6> kShapes{
    {{512, 36}, {1024, 18}, {2048, 9}, {4096, 4}, {8192, 2}, {16384, 1}}};
constexpr std::int64_t kMinBlockRamBits = 1024;

std::int64_t blocks_of_36_bits(std::int64_t depth) noexcept {
  std::int64_t fewest = kInt64Max;
  for (const Shape& shape : kShapes) {
    fewest = std::min(fewest, ceil_div(depth, shape.depth) * ceil_div(36, shape.bits));
  }
  return fewest;
}

/// The widest shape that is deep enough, or the deepest one.
const Shape& shape_for(std::int64_t depth) noexcept {
  const auto* const found = std::find_if(kShapes.begin(), kShapes.end() - 1,
                                         [&](const Shape& shape) { return shape.depth >= depth; });
  return *found;
}

}  // namespace

BlockRamLayout plan_rom(std::int64_t depth, std::int64_t width_bits) noexcept {
  BlockRamLayout layout;
  if (depth * width_bits < kMinBlockRamBits) return layout;
  const Shape& shape = shape_for(depth);
  if (shape.depth <= 1024) {
    layout.main = {0, shape.bits, ceil_div<std::int64_t>(width_bits, shape.bits), 1};
    return layout;
  }
  const std::int64_t whole = width_bits / 36;
  layout.main = {0, 36, whole, blocks_of_36_bits(depth)};
  const auto stacked = static_cast<std::uint64_t>(ceil_div(depth, shape.depth));
  layout.rest = {whole * 36, shape.bits,
                 ceil_div<std::int64_t>(width_bits - whole * 36, shape.bits),
                 static_cast<std::int64_t>(std::bit_ceil(stacked))};
  return layout;
}

std::int64_t dual_port_blocks(std::int64_t depth, std::int64_t width_bits) noexcept {
  // With both ports in use no shape is wider than 18 bits.
  const Shape& shape = shape_for(std::max<std::int64_t>(depth, kShapes[1].depth));
  const auto stacked = static_cast<std::uint64_t>(ceil_div(depth, shape.depth));
  return ceil_div<std::int64_t>(width_bits, shape.bits) *
         static_cast<std::int64_t>(std::bit_ceil(stacked));
}

int stored_bits_of_last_weight(const FixedPoint& weight) noexcept {
  if (weight.integer_bits > weight.fraction_bits()) return weight.width_bits;
  return weight.width_bits - std::max(weight.integer_bits, 0);
}

BlockRamLayout plan_weight_rom(std::int64_t depth, std::int64_t num_lanes,
                               const FixedPoint& weight) noexcept {
  return plan_rom(depth, (num_lanes - 1) * weight.width_bits + stored_bits_of_last_weight(weight));
}

}  // namespace espalier::resource_model
