#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "espalier/resource_model/resources.hpp"

namespace espalier::resource_model {

/// The multiplier blocks of the FPGA families; they differ in the widths that one block multiplies.
enum class DspKind {
  kDsp48E1,  ///< Virtex-6 and 7-series: 25 x 18 bits, signed (UG479)
  kDsp48E2,  ///< UltraScale and UltraScale+: 27 x 18 bits, signed (UG579)
  kDsp58,    ///< Versal: 27 x 24 bits, signed (AM004)
};

/// What one device holds.
struct Device {
  std::string_view name;    ///< how part names of the device begin, in lower case
  std::string_view source;  ///< AMD data sheet with the figures
  DspKind dsp_kind;
  Resources capacity;  ///< DSP blocks, 18 Kb block RAMs, LUTs and flip-flops
  std::int64_t uram;   ///< 288 Kb UltraRAMs
};

/// The devices that are known with their capacity, about 80 common ones.
std::span<const Device> known_devices() noexcept;

/// The device of a part name ("xcvu9p-flga2104-2-e", "xc7z020clg400-1"); nullptr when its capacity
/// is not in the table.
const Device* find_device(std::string_view part);

/// The same, but throws Error that names the part and some known devices when there is none: for a
/// budget that is given as a device.
const Device& require_device(std::string_view part);

/// What a design needs beyond the device, resource by resource; all 0 when it fits.
Resources shortfall(const Resources& used, const Device& device) noexcept;

/// The multiplier block of a part, told by the family in its name; works for devices that are not
/// in the table too. Throws Error that quotes the part when the family is unknown.
DspKind dsp_kind_of_part(std::string_view part);

}  // namespace espalier::resource_model
