#pragma once

#include <cstdint>

namespace espalier::resource_model {

/// How a memory of `depth` words of `width_bits` lies in 18 Kb block RAMs.
///
/// The width is cut into columns of `column_bits`, each of which takes `blocks_per_column` block
/// RAMs on top of one another. Bits at or beyond num_columns * column_bits are not in block RAM.
struct BlockRamLayout {
  int column_bits = 36;
  std::int64_t num_columns = 0;
  std::int64_t blocks_per_column = 1;

  std::int64_t blocks() const noexcept { return num_columns * blocks_per_column; }
};

/// The layout with the fewest blocks over the aspect ratios of a RAMB18 (512 x 36, 1K x 18, 2K x 9,
/// 4K x 4, 8K x 2, 16K x 1); of equal ones the one with the fewest blocks per column. Small
/// memories are built of LUTs and have no columns; a last column of few bits likewise.
BlockRamLayout plan_weight_rom(std::int64_t depth, std::int64_t width_bits) noexcept;

}  // namespace espalier::resource_model
