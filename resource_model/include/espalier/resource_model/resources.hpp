#pragma once

#include <cstdint>

namespace espalier::resource_model {

/// Amounts of the FPGA resources that a layer uses or a structure frees.
struct Resources {
  std::int64_t dsp = 0;     ///< DSP blocks (DSP48E1, DSP48E2 or DSP58)
  std::int64_t bram18 = 0;  ///< 18 Kb block RAMs; a RAMB36 counts as two
  std::int64_t lut = 0;
  std::int64_t ff = 0;

  friend bool operator==(const Resources&, const Resources&) = default;
  friend Resources operator+(const Resources& a, const Resources& b) noexcept {
    return {a.dsp + b.dsp, a.bram18 + b.bram18, a.lut + b.lut, a.ff + b.ff};
  }
  friend Resources operator-(const Resources& a, const Resources& b) noexcept {
    return {a.dsp - b.dsp, a.bram18 - b.bram18, a.lut - b.lut, a.ff - b.ff};
  }
};

}  // namespace espalier::resource_model
