// Capacities of devices, from the product tables of AMD's data sheets: DS180 (7-series), DS190
// (Zynq-7000), DS890 (UltraScale and UltraScale+), DS891 and DS889 (Zynq UltraScale+, RFSoC), DS950
// (Versal). Those list 36 Kb block RAMs; here each counts as two of 18 Kb.

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "espalier/resource_model/device.hpp"
#include "espalier/support/error.hpp"

namespace espalier::resource_model {
namespace {

// clang-format off
// name, source, DSP kind, {DSP, BRAM18, LUT, FF}, URAM
constexpr std::array<Device, 86> kDevices{{
    // 7-series: Artix-7, Kintex-7, Virtex-7
    {"xc7a15t", "DS180", DspKind::kDsp48E1, {45, 50, 10400, 20800}, 0},
    {"xc7a35t", "DS180", DspKind::kDsp48E1, {90, 100, 20800, 41600}, 0},
    {"xc7a50t", "DS180", DspKind::kDsp48E1, {120, 150, 32600, 65200}, 0},
    {"xc7a75t", "DS180", DspKind::kDsp48E1, {180, 210, 47200, 94400}, 0},
    {"xc7a100t", "DS180", DspKind::kDsp48E1, {240, 270, 63400, 126800}, 0},
    {"xc7a200t", "DS180", DspKind::kDsp48E1, {740, 730, 134600, 269200}, 0},
    {"xc7k70t", "DS180", DspKind::kDsp48E1, {240, 270, 41000, 82000}, 0},
    {"xc7k160t", "DS180", DspKind::kDsp48E1, {600, 650, 101400, 202800}, 0},
    {"xc7k325t", "DS180", DspKind::kDsp48E1, {840, 890, 203800, 407600}, 0},
    {"xc7k355t", "DS180", DspKind::kDsp48E1, {1440, 1430, 222600, 445200}, 0},
    {"xc7k410t", "DS180", DspKind::kDsp48E1, {1540, 1590, 254200, 508400}, 0},
    {"xc7k420t", "DS180", DspKind::kDsp48E1, {1680, 1670, 260600, 521200}, 0},
    {"xc7k480t", "DS180", DspKind::kDsp48E1, {1920, 1910, 298600, 597200}, 0},
    {"xc7v585t", "DS180", DspKind::kDsp48E1, {1260, 1590, 364200, 728400}, 0},
    {"xc7v2000t", "DS180", DspKind::kDsp48E1, {2160, 2584, 1221600, 2443200}, 0},
    {"xc7vx330t", "DS180", DspKind::kDsp48E1, {1120, 1500, 204000, 408000}, 0},
    {"xc7vx415t", "DS180", DspKind::kDsp48E1, {2160, 1760, 257600, 515200}, 0},
    {"xc7vx485t", "DS180", DspKind::kDsp48E1, {2800, 2060, 303600, 607200}, 0},
    {"xc7vx550t", "DS180", DspKind::kDsp48E1, {2880, 2360, 346400, 692800}, 0},
    {"xc7vx690t", "DS180", DspKind::kDsp48E1, {3600, 2940, 433200, 866400}, 0},
    {"xc7vx980t", "DS180", DspKind::kDsp48E1, {3600, 3000, 612000, 1224000}, 0},
    {"xc7vx1140t", "DS180", DspKind::kDsp48E1, {3360, 3760, 712000, 1424000}, 0},
    // Zynq-7000
    {"xc7z007s", "DS190", DspKind::kDsp48E1, {66, 100, 14400, 28800}, 0},
    {"xc7z010", "DS190", DspKind::kDsp48E1, {80, 120, 17600, 35200}, 0},
    {"xc7z012s", "DS190", DspKind::kDsp48E1, {120, 144, 34400, 68800}, 0},
    {"xc7z014s", "DS190", DspKind::kDsp48E1, {170, 214, 40600, 81200}, 0},
    {"xc7z015", "DS190", DspKind::kDsp48E1, {160, 190, 46200, 92400}, 0},
    {"xc7z020", "DS190", DspKind::kDsp48E1, {220, 280, 53200, 106400}, 0},
    {"xc7z030", "DS190", DspKind::kDsp48E1, {400, 530, 78600, 157200}, 0},
    {"xc7z035", "DS190", DspKind::kDsp48E1, {900, 1000, 171900, 343800}, 0},
    {"xc7z045", "DS190", DspKind::kDsp48E1, {900, 1090, 218600, 437200}, 0},
    {"xc7z100", "DS190", DspKind::kDsp48E1, {2020, 1510, 277400, 554800}, 0},
    // Kintex and Virtex UltraScale
    {"xcku035", "DS890", DspKind::kDsp48E2, {1700, 1080, 203128, 406256}, 0},
    {"xcku040", "DS890", DspKind::kDsp48E2, {1920, 1200, 242400, 484800}, 0},
    {"xcku060", "DS890", DspKind::kDsp48E2, {2760, 2160, 331680, 663360}, 0},
    {"xcku085", "DS890", DspKind::kDsp48E2, {4100, 3240, 497520, 995040}, 0},
    {"xcku115", "DS890", DspKind::kDsp48E2, {5520, 4320, 663360, 1326720}, 0},
    {"xcvu065", "DS890", DspKind::kDsp48E2, {600, 2520, 358080, 716160}, 0},
    {"xcvu080", "DS890", DspKind::kDsp48E2, {672, 2842, 445680, 891360}, 0},
    {"xcvu095", "DS890", DspKind::kDsp48E2, {768, 3456, 537600, 1075200}, 0},
    {"xcvu125", "DS890", DspKind::kDsp48E2, {1200, 5040, 716160, 1432320}, 0},
    {"xcvu160", "DS890", DspKind::kDsp48E2, {1560, 6552, 926400, 1852800}, 0},
    {"xcvu190", "DS890", DspKind::kDsp48E2, {1800, 7560, 1074240, 2148480}, 0},
    {"xcvu440", "DS890", DspKind::kDsp48E2, {2880, 5040, 2532960, 5065920}, 0},
    // Kintex and Virtex UltraScale+
    {"xcku3p", "DS890", DspKind::kDsp48E2, {1368, 720, 162720, 325440}, 48},
    {"xcku5p", "DS890", DspKind::kDsp48E2, {1824, 960, 216960, 433920}, 64},
    {"xcku9p", "DS890", DspKind::kDsp48E2, {2520, 1824, 274080, 548160}, 0},
    {"xcku11p", "DS890", DspKind::kDsp48E2, {2928, 1200, 298560, 597120}, 80},
    {"xcku13p", "DS890", DspKind::kDsp48E2, {3528, 1488, 341280, 682560}, 112},
    {"xcku15p", "DS890", DspKind::kDsp48E2, {1968, 1968, 522720, 1045440}, 128},
    {"xcvu3p", "DS890", DspKind::kDsp48E2, {2280, 1440, 394080, 788160}, 320},
    {"xcvu5p", "DS890", DspKind::kDsp48E2, {3474, 2048, 600577, 1201154}, 470},
    {"xcvu7p", "DS890", DspKind::kDsp48E2, {4560, 2880, 788160, 1576320}, 640},
    {"xcvu9p", "DS890", DspKind::kDsp48E2, {6840, 4320, 1182240, 2364480}, 960},
    {"xcvu11p", "DS890", DspKind::kDsp48E2, {9216, 4032, 1296000, 2592000}, 960},
    {"xcvu13p", "DS890", DspKind::kDsp48E2, {12288, 5376, 1728000, 3456000}, 1280},
    {"xcvu31p", "DS890", DspKind::kDsp48E2, {2880, 1344, 439680, 879360}, 320},
    {"xcvu33p", "DS890", DspKind::kDsp48E2, {2880, 1344, 439680, 879360}, 320},
    {"xcvu35p", "DS890", DspKind::kDsp48E2, {5952, 2688, 871680, 1743360}, 640},
    {"xcvu37p", "DS890", DspKind::kDsp48E2, {9024, 4032, 1303680, 2607360}, 960},
    // Zynq UltraScale+; the K26 module carries a ZU5EV
    {"xczu1", "DS891", DspKind::kDsp48E2, {216, 216, 37440, 74880}, 0},
    {"xczu2", "DS891", DspKind::kDsp48E2, {240, 300, 47232, 94464}, 0},
    {"xczu3", "DS891", DspKind::kDsp48E2, {360, 432, 70560, 141120}, 0},
    {"xczu4", "DS891", DspKind::kDsp48E2, {728, 256, 87840, 175680}, 48},
    {"xczu5", "DS891", DspKind::kDsp48E2, {1248, 288, 117120, 234240}, 64},
    {"xczu6", "DS891", DspKind::kDsp48E2, {1973, 1428, 214604, 429208}, 0},
    {"xczu7", "DS891", DspKind::kDsp48E2, {1728, 624, 230400, 460800}, 96},
    {"xczu9", "DS891", DspKind::kDsp48E2, {2520, 1824, 274080, 548160}, 0},
    {"xczu11", "DS891", DspKind::kDsp48E2, {2928, 1200, 298560, 597120}, 80},
    {"xczu15", "DS891", DspKind::kDsp48E2, {3528, 1488, 341280, 682560}, 112},
    {"xczu17", "DS891", DspKind::kDsp48E2, {1590, 1592, 423403, 846806}, 102},
    {"xczu19", "DS891", DspKind::kDsp48E2, {1968, 1968, 522720, 1045440}, 128},
    {"xck26", "DS891", DspKind::kDsp48E2, {1248, 288, 117120, 234240}, 64},
    // Zynq UltraScale+ RFSoC
    {"xczu28dr", "DS889", DspKind::kDsp48E2, {4272, 2160, 425280, 850560}, 80},
    {"xczu48dr", "DS889", DspKind::kDsp48E2, {4272, 2160, 425280, 850560}, 80},
    {"xczu49dr", "DS889", DspKind::kDsp48E2, {4272, 2160, 425280, 850560}, 80},
    // Alveo cards carry UltraScale+ dies: VU9P, VU13P, VU37P and VU35P
    {"xcu200", "DS890", DspKind::kDsp48E2, {6840, 4320, 1182240, 2364480}, 960},
    {"xcu250", "DS890", DspKind::kDsp48E2, {12288, 5376, 1728000, 3456000}, 1280},
    {"xcu280", "DS890", DspKind::kDsp48E2, {9024, 4032, 1303680, 2607360}, 960},
    {"xcu50", "DS890", DspKind::kDsp48E2, {5952, 2688, 871680, 1743360}, 640},
    {"xcu55c", "DS890", DspKind::kDsp48E2, {9024, 4032, 1303680, 2607360}, 960},
    {"xcu55n", "DS890", DspKind::kDsp48E2, {9024, 4032, 1303680, 2607360}, 960},
    // Versal AI Core, Prime and AI Edge
    {"xcvc1902", "DS950", DspKind::kDsp58, {1968, 1934, 899840, 1799680}, 463},
    {"xcvm1802", "DS950", DspKind::kDsp58, {1968, 1934, 899840, 1799680}, 463},
    {"xcve2302", "DS950", DspKind::kDsp58, {464, 310, 150272, 300544}, 155},
    {"xcve2802", "DS950", DspKind::kDsp58, {1312, 1200, 520704, 1041408}, 264},
}};
// clang-format on

struct Family {
  std::string_view prefix;
  DspKind dsp_kind;
};

// Part names begin with the family; the longest prefixes come first.
constexpr std::array<Family, 19> kFamilies{{{"xc7", DspKind::kDsp48E1},
                                            {"xa7", DspKind::kDsp48E1},
                                            {"xq7", DspKind::kDsp48E1},
                                            {"xc6v", DspKind::kDsp48E1},
                                            {"xcvu", DspKind::kDsp48E2},
                                            {"xqvu", DspKind::kDsp48E2},
                                            {"xcku", DspKind::kDsp48E2},
                                            {"xqku", DspKind::kDsp48E2},
                                            {"xcau", DspKind::kDsp48E2},
                                            {"xczu", DspKind::kDsp48E2},
                                            {"xazu", DspKind::kDsp48E2},
                                            {"xqzu", DspKind::kDsp48E2},
                                            {"xck", DspKind::kDsp48E2},
                                            {"xcu", DspKind::kDsp48E2},
                                            {"xcvc", DspKind::kDsp58},
                                            {"xcvm", DspKind::kDsp58},
                                            {"xcve", DspKind::kDsp58},
                                            {"xcvp", DspKind::kDsp58},
                                            {"xcvh", DspKind::kDsp58}}};

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

/// Whether the part is of the device, so that "xczu2" does not answer for "xczu28dr".
bool is_part_of(std::string_view part, std::string_view device) {
  if (!part.starts_with(device)) return false;
  return part.size() == device.size() ||
         std::isdigit(static_cast<unsigned char>(part[device.size()])) == 0;
}

}  // namespace

std::span<const Device> known_devices() noexcept { return kDevices; }

const Device* find_device(std::string_view part) {
  const std::string name = lower(part);
  const auto* const found =
      std::find_if(kDevices.begin(), kDevices.end(),
                   [&](const Device& device) { return is_part_of(name, device.name); });
  return found == kDevices.end() ? nullptr : &*found;
}

const Device& require_device(std::string_view part) {
  if (const Device* const device = find_device(part)) return *device;
  throw Error("device is '" + std::string(part) +
              "', whose capacity is not known; expected one such as xc7z020, xcku115, xcvu9p, "
              "xczu7 or xcvc1902 (docs/resource-model.md)");
}

Resources shortfall(const Resources& used, const Device& device) noexcept {
  const auto beyond = [](std::int64_t need, std::int64_t have) {
    return std::max<std::int64_t>(need - have, 0);
  };
  const Resources& all = device.capacity;
  return {beyond(used.dsp, all.dsp), beyond(used.bram18, all.bram18), beyond(used.lut, all.lut),
          beyond(used.ff, all.ff)};
}

DspKind dsp_kind_of_part(std::string_view part) {
  const std::string name = lower(part);
  for (const Family& family : kFamilies) {
    if (name.starts_with(family.prefix)) return family.dsp_kind;
  }
  throw Error("part is '" + std::string(part) +
              "'; expected a 7-series, UltraScale, UltraScale+ or Versal part such as "
              "xcvu9p-flga2104-2-e");
}

}  // namespace espalier::resource_model
