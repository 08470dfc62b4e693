#include "espalier/resource_model/fixed_point.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "espalier/support/error.hpp"

namespace espalier::resource_model {
namespace {

constexpr int kMaxWidthBits = 1024;  // the default limit of the ap_fixed headers

struct TypeName {
  std::string_view spelling;
  bool is_signed;
  bool is_integer;
};

constexpr std::array<TypeName, 8> kTypeNames{{{"ap_fixed", true, false},
                                              {"ap_ufixed", false, false},
                                              {"fixed", true, false},
                                              {"ufixed", false, false},
                                              {"ap_int", true, true},
                                              {"ap_uint", false, true},
                                              {"int", true, true},
                                              {"uint", false, true}}};

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string_view> split_arguments(std::string_view list) {
  std::vector<std::string_view> arguments;
  for (std::size_t comma = list.find(','); comma != std::string_view::npos;
       comma = list.find(',')) {
    arguments.push_back(trim(list.substr(0, comma)));
    list.remove_prefix(comma + 1);
  }
  arguments.push_back(trim(list));
  return arguments;
}

std::optional<int> to_int(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// AP_RND and AP_SAT have variants that cost the same hardware; they are read as the plain mode.
bool apply_mode(std::string_view mode, FixedPoint& type) {
  if (mode.starts_with("AP_")) mode.remove_prefix(3);
  if (mode == "TRN" || mode == "TRN_ZERO") {
    type.rounding = Rounding::kTruncate;
  } else if (mode.starts_with("RND")) {
    type.rounding = Rounding::kRound;
  } else if (mode.starts_with("WRAP")) {
    type.overflow = Overflow::kWrap;
  } else if (mode.starts_with("SAT")) {
    type.overflow = Overflow::kSaturate;
  } else {
    return false;
  }
  return true;
}

[[noreturn]] void refuse(std::string_view text, const std::string& expected) {
  throw Error("type is '" + std::string(text) + "'; expected " + expected);
}

}  // namespace

FixedPoint parse_fixed_point(std::string_view text) {
  const std::string_view body = trim(text);
  const std::string form =
      "a type such as ap_fixed<16,6>, ap_ufixed<8,0,AP_RND,AP_SAT> or ap_int<8>";
  const auto open = body.find('<');
  if (open == std::string_view::npos || body.back() != '>') refuse(text, form);

  const TypeName* name = nullptr;
  for (const TypeName& candidate : kTypeNames) {
    if (candidate.spelling == trim(body.substr(0, open))) name = &candidate;
  }
  const auto arguments = split_arguments(body.substr(open + 1, body.size() - open - 2));
  const std::size_t numbers = name != nullptr && name->is_integer ? 1 : 2;
  if (name == nullptr || arguments.size() < numbers || arguments.size() > 4) refuse(text, form);
  if (name->is_integer && arguments.size() != 1) refuse(text, form);

  const std::optional<int> width = to_int(arguments[0]);
  const std::optional<int> integer = to_int(arguments[numbers - 1]);
  if (!width || !integer) refuse(text, form);
  if (*width < 1 || *width > kMaxWidthBits) {
    refuse(text, "a width from 1 to " + std::to_string(kMaxWidthBits) + " bits");
  }
  if (*integer < -kMaxWidthBits || *integer > kMaxWidthBits) {
    refuse(text, "at most " + std::to_string(kMaxWidthBits) + " integer bits");
  }
  FixedPoint type{.width_bits = *width, .integer_bits = *integer, .is_signed = name->is_signed};
  for (std::size_t k = numbers; k < arguments.size(); ++k) {
    if (!apply_mode(arguments[k], type)) {
      refuse(text, "rounding AP_TRN or AP_RND and overflow AP_WRAP or AP_SAT");
    }
  }
  return type;
}

std::string to_string(const FixedPoint& type) {
  std::string text = type.is_signed ? "ap_fixed<" : "ap_ufixed<";
  text += std::to_string(type.width_bits) + "," + std::to_string(type.integer_bits);
  if (type.rounding == Rounding::kRound || type.overflow == Overflow::kSaturate) {
    text += type.rounding == Rounding::kRound ? ",AP_RND" : ",AP_TRN";
    text += type.overflow == Overflow::kSaturate ? ",AP_SAT" : ",AP_WRAP";
  }
  return text + ">";
}

}  // namespace espalier::resource_model
