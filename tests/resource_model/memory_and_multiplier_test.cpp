#include <catch2/catch.hpp>

#include "multiplier.hpp"
#include "weight_rom.hpp"

using namespace espalier::resource_model;

namespace {

std::int64_t rom_blocks(std::int64_t depth, std::int64_t lanes, int width, int integer) {
  return plan_weight_rom(depth, lanes, {.width_bits = width, .integer_bits = integer}).blocks();
}

int dsp(int a, int b, DspKind kind = DspKind::kDsp48E2) {
  return dsp_per_product({.width_bits = a}, {.width_bits = b}, kind);
}

}  // namespace

TEST_CASE("Weight memories take the block RAMs that synthesis reports show") {
  // depth, lanes, width, integer bits, RAMB18 of the report
  CHECK(rom_blocks(32, 1024, 16, 6) == 455);
  CHECK(rom_blocks(32, 1024, 18, 8) == 512);
  CHECK(rom_blocks(30, 200, 16, 6) == 89);
  CHECK(rom_blocks(20, 64, 16, 6) == 29);
  CHECK(rom_blocks(128, 800, 20, 10) == 445);
  CHECK(rom_blocks(3200, 32, 20, 10) == 124);
  CHECK(rom_blocks(1024, 64, 14, 1) == 50);
  CHECK(rom_blocks(1152, 512, 16, 14) == 684);
  CHECK(rom_blocks(16, 3, 16, 6) == 0);
}

TEST_CASE("The columns of a memory cover its width once and in order") {
  for (const std::int64_t depth : {4, 100, 512, 513, 1024, 1100, 1900, 5000, 20000, 40000}) {
    for (std::int64_t width = 1; width <= 300; ++width) {
      const BlockRamLayout layout = plan_rom(depth, width);
      if (depth * width < 1024) {
        REQUIRE(layout.blocks() == 0);
        continue;
      }
      const std::int64_t main_bits = layout.main.count * layout.main.bits;
      const std::int64_t rest_bits = layout.rest.count * layout.rest.bits;
      REQUIRE(main_bits + rest_bits >= width);
      REQUIRE(layout.blocks() * 18 * 1024 >= depth * width);
      if (layout.rest.count > 0) REQUIRE(layout.rest.first_bit == main_bits);
    }
  }
}

TEST_CASE("Queues take the block RAMs that the queue tables of reports show") {
  const struct {
    int depth;
    int bits;
    int blocks;
  } cases[] = {{36, 16, 1},    {64, 32, 2},    {512, 6, 1},   {676, 16, 1},  {2580, 16, 4},
               {8192, 14, 7},  {9252, 16, 16}, {576, 132, 8}, {64, 400, 23}, {16, 128, 8},
               {40, 1408, 79}, {80, 736, 41},  {80, 20, 2}};
  for (const auto& c : cases) {
    INFO(c.depth << " x " << c.bits);
    CHECK(dual_port_blocks(c.depth, c.bits) == c.blocks);
  }
}

TEST_CASE("Products take DSP blocks by the widths of their operands") {
  CHECK(dsp(16, 16) == 1);
  CHECK(dsp(8, 16) == 1);
  CHECK(dsp(6, 16) == 1);
  CHECK(dsp(8, 8) == 0);
  CHECK(dsp(4, 16) == 0);
  CHECK(dsp(1, 40) == 0);
  CHECK(dsp(18, 27) == 1);
  CHECK(dsp(27, 18) == 1);
  CHECK(dsp(20, 20) == 2);
  CHECK(dsp(32, 32) == 4);
  CHECK(dsp(18, 26, DspKind::kDsp48E1) == 2);
  CHECK(dsp(18, 26, DspKind::kDsp48E2) == 1);
  CHECK(dsp(24, 27, DspKind::kDsp48E2) == 2);
  CHECK(dsp(24, 27, DspKind::kDsp58) == 1);
}

TEST_CASE("An unsigned operand needs a bit for the sign that it lacks") {
  const FixedPoint wide{.width_bits = 27, .is_signed = false};
  CHECK(dsp_per_product(wide, {.width_bits = 18}, DspKind::kDsp48E2) == 2);
  CHECK(dsp_per_product(wide, {.width_bits = 17}, DspKind::kDsp48E1) == 2);
}
