#pragma once

#include <string_view>

namespace espalier::resource_model {

/// The multiplier blocks of the FPGA families; they differ in the widths that one block multiplies.
enum class DspKind {
  kDsp48E1,  ///< Virtex-6 and 7-series: 25 x 18 bits, signed (UG479)
  kDsp48E2,  ///< UltraScale and UltraScale+: 27 x 18 bits, signed (UG579)
  kDsp58,    ///< Versal: 27 x 24 bits, signed (AM004)
};

/// The multiplier block of a part, told by the family in its name ("xcvu9p-flga2104-2-e",
/// "xc7z020clg400-1"). Throws Error that quotes the part when the family is unknown.
DspKind dsp_kind_of_part(std::string_view part);

}  // namespace espalier::resource_model
