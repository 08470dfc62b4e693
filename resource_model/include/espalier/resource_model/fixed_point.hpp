#pragma once

#include <string>
#include <string_view>

namespace espalier::resource_model {

enum class Rounding { kTruncate, kRound };  ///< AP_TRN, AP_RND
enum class Overflow { kWrap, kSaturate };   ///< AP_WRAP, AP_SAT

/// An `ap_fixed<width, integer>` type: `width` bits in all, `integer` of them before the binary
/// point, the sign bit included. Defaults are hls4ml's.
struct FixedPoint {
  int width_bits = 16;
  int integer_bits = 6;
  bool is_signed = true;
  Rounding rounding = Rounding::kTruncate;
  Overflow overflow = Overflow::kWrap;

  int fraction_bits() const noexcept { return width_bits - integer_bits; }
  friend bool operator==(const FixedPoint&, const FixedPoint&) = default;
};

/// Parses "ap_fixed<16,6>", "ap_ufixed<8,0,AP_RND,AP_SAT>", "fixed<16,6>", "ap_int<8>". Throws
/// Error that quotes the text when it is none of these or a width is outside 1..1024.
FixedPoint parse_fixed_point(std::string_view text);

/// "ap_fixed<16,6>"; rounding and overflow are written only where they differ from the default.
std::string to_string(const FixedPoint& type);

}  // namespace espalier::resource_model
