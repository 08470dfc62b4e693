#include "espalier/resource_model/fixed_point.hpp"

#include <catch2/catch.hpp>

#include "espalier/support/error.hpp"

using namespace espalier::resource_model;

TEST_CASE("Fixed-point types are read in every spelling of hls4ml") {
  CHECK(parse_fixed_point("ap_fixed<16,6>") == FixedPoint{});
  CHECK(parse_fixed_point(" fixed< 18 , 8 > ") == FixedPoint{.width_bits = 18, .integer_bits = 8});
  CHECK(parse_fixed_point("ap_ufixed<8,0,AP_RND_CONV,AP_SAT>") ==
        FixedPoint{8, 0, false, Rounding::kRound, Overflow::kSaturate});
  CHECK(parse_fixed_point("ap_int<8>") == FixedPoint{.width_bits = 8, .integer_bits = 8});
  CHECK(parse_fixed_point("uint<1>") ==
        FixedPoint{.width_bits = 1, .integer_bits = 1, .is_signed = false});
  CHECK(parse_fixed_point("ap_fixed<4,-2>").fraction_bits() == 6);
  CHECK(parse_fixed_point("ap_fixed<9,3,AP_TRN,AP_WRAP>") ==
        FixedPoint{.width_bits = 9, .integer_bits = 3});
}

TEST_CASE("What fixed-point types print is read back as the same type") {
  for (const FixedPoint& type :
       {FixedPoint{}, FixedPoint{8, 0, false, Rounding::kRound, Overflow::kSaturate},
        FixedPoint{.width_bits = 5, .integer_bits = -3, .overflow = Overflow::kSaturate}}) {
    CHECK(parse_fixed_point(to_string(type)) == type);
  }
  CHECK(to_string(FixedPoint{}) == "ap_fixed<16,6>");
}

TEST_CASE("Anything that is not a fixed-point type is refused and quoted") {
  for (const char* text :
       {"", "16,6", "ap_fixed", "ap_fixed<>", "ap_fixed<16>", "ap_fixed<16,6", "ap_fixed<16,x>",
        "ap_fixed<0,0>", "ap_fixed<2000,6>", "ap_fixed<16,6,AP_ODD>", "ap_int<8,4>", "double<3,2>",
        "ap_fixed<16,6,AP_TRN,AP_WRAP,1>", "ap_fixed<16.5,6>", "ap_fixed<99999999999,6>"}) {
    INFO(text);
    CHECK_THROWS_WITH(parse_fixed_point(text), Catch::Contains("'" + std::string(text) + "'") &&
                                                   Catch::Contains("expected"));
  }
}
