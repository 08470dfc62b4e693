// Weight memories of the Resource strategy in block RAM.
//
// hls4ml stores the N weights of a layer as RF words of N / RF * W bits. HLS maps such a ROM to
// RAMB18 primitives column by column. Read off synthesis reports: memories of at most 1024 bits
// are built of LUTs, and so is a last column of at most 8 bits (16384 bits take 455 blocks of 36
// bits, not 456).

#include "weight_rom.hpp"

#include <array>

#include "espalier/support/exact.hpp"

namespace espalier::resource_model {
namespace {

struct Shape {
  std::int64_t depth;
  int bits;
};

constexpr std::array<Shape, 6> kShapes{
    {{512, 36}, {1024, 18}, {2048, 9}, {4096, 4}, {8192, 2}, {16384, 1}}};
constexpr std::int64_t kLutRomBits = 1024;
constexpr std::int64_t kLutColumnBits = 8;

BlockRamLayout fill(const Shape& shape, std::int64_t depth, std::int64_t width_bits) noexcept {
  std::int64_t columns = ceil_div<std::int64_t>(width_bits, shape.bits);
  const std::int64_t remainder = width_bits % shape.bits;
  if (columns > 1 && remainder > 0 && remainder <= kLutColumnBits) --columns;
  return {shape.bits, columns, ceil_div(depth, shape.depth)};
}

}  // namespace

BlockRamLayout plan_weight_rom(std::int64_t depth, std::int64_t width_bits) noexcept {
  if (depth * width_bits <= kLutRomBits) return {};
  BlockRamLayout best;
  for (const Shape& shape : kShapes) {
    const BlockRamLayout layout = fill(shape, depth, width_bits);
    const bool is_better =
        best.num_columns == 0 || layout.blocks() < best.blocks() ||
        (layout.blocks() == best.blocks() && layout.blocks_per_column < best.blocks_per_column);
    if (is_better) best = layout;
  }
  return best;
}

}  // namespace espalier::resource_model
