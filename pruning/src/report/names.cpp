#include "report/names.hpp"

#include <array>
#include <charconv>

#include "espalier/support/svg.hpp"

namespace espalier::pruning {

const char* to_string(resource_model::Objective objective) noexcept {
  return objective == resource_model::Objective::kDsp ? "dsp" : "dsp+bram";
}

const char* to_string(ValueNorm norm) noexcept { return norm == ValueNorm::kL1 ? "l1" : "l2"; }

const char* to_string(ScheduleKind kind) noexcept {
  switch (kind) {
    case ScheduleKind::kConstant:
      return "constant";
    case ScheduleKind::kPolynomial:
      return "polynomial";
    case ScheduleKind::kBinary:
      return "binary";
  }
  return "";
}

std::string percent(double fraction, int decimals) {
  return svg::fixed(100.0 * fraction, decimals) + " %";
}

std::string shortest(double value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

}  // namespace espalier::pruning
