#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "espalier/resource_model/device.hpp"
#include "espalier/support/error.hpp"

namespace espalier::resource_model {
namespace {

struct Family {
  std::string_view prefix;
  DspKind dsp_kind;
};

// Part names begin with the family; the longest prefixes come first.
constexpr std::array<Family, 17> kFamilies{{{"xc7", DspKind::kDsp48E1},
                                            {"xa7", DspKind::kDsp48E1},
                                            {"xq7", DspKind::kDsp48E1},
                                            {"xc6v", DspKind::kDsp48E1},
                                            {"xcvu", DspKind::kDsp48E2},
                                            {"xqvu", DspKind::kDsp48E2},
                                            {"xcku", DspKind::kDsp48E2},
                                            {"xqku", DspKind::kDsp48E2},
                                            {"xcau", DspKind::kDsp48E2},
                                            {"xczu", DspKind::kDsp48E2},
                                            {"xck26", DspKind::kDsp48E2},
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

}  // namespace

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
