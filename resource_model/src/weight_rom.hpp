#pragma once

#include <array>
#include <cstdint>

#include "espalier/resource_model/fixed_point.hpp"

namespace espalier::resource_model {

/// Equal columns of a memory, side by side: `count` columns of `bits` bits, each of which takes
/// `blocks_per_column` RAMB18 on top of one another. The first bit of the first one is `first_bit`.
struct BlockRamColumns {
  std::int64_t first_bit = 0;
  int bits = 36;
  std::int64_t count = 0;
  std::int64_t blocks_per_column = 1;
};

/// How a memory lies in 18 Kb block RAMs: columns of one shape, then narrower ones for the rest of
/// the width. A memory that is built of LUTs has no columns.
struct BlockRamLayout {
  BlockRamColumns main;
  BlockRamColumns rest;

  std::int64_t blocks() const noexcept {
    return main.count * main.blocks_per_column + rest.count * rest.blocks_per_column;
  }
};

/// The layout of a read-only memory of `depth` words of `width_bits`, both positive.
BlockRamLayout plan_rom(std::int64_t depth, std::int64_t width_bits) noexcept;

/// RAMB18 of a memory that is written through one port and read through the other, such as a queue.
/// Both sizes positive.
std::int64_t dual_port_blocks(std::int64_t depth, std::int64_t width_bits) noexcept;

/// Bits that the topmost weight of each memory word really takes, see weight_rom.cpp.
int stored_bits_of_last_weight(const FixedPoint& weight) noexcept;

/// The layout of a weight memory of `depth` words of `num_lanes` weights.
BlockRamLayout plan_weight_rom(std::int64_t depth, std::int64_t num_lanes,
                               const FixedPoint& weight) noexcept;

}  // namespace espalier::resource_model
