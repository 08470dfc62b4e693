#include "report/names.hpp"

#include <array>
#include <charconv>

#include "espalier/support/svg.hpp"

namespace espalier::pruning {

std::string to_string(const resource_model::Objective& objective) {
  std::string text = "dsp";
  if (objective.bram) text += "+bram";
  if (objective.lut) text += "+lut";
  if (objective.ff) text += "+ff";
  return text;
}

const char* to_string(ValueMetric metric) noexcept {
  switch (metric) {
    case ValueMetric::kL1:
      return "l1";
    case ValueMetric::kL2:
      return "l2";
    case ValueMetric::kGradient:
      return "gradient";
    case ValueMetric::kSecondOrder:
      return "second-order";
  }
  return "";
}

const char* to_string(ValueScale scale) noexcept {
  return scale == ValueScale::kLayerLargest ? "layer" : "none";
}

const char* to_string(SelectionMethod method) noexcept {
  switch (method) {
    case SelectionMethod::kExact:
      return "exact";
    case SelectionMethod::kGreedy:
      return "greedy";
    case SelectionMethod::kUniform:
      return "uniform";
    case SelectionMethod::kMagnitude:
      return "magnitude";
  }
  return "";
}

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
