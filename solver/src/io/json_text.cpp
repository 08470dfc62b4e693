#include "io/json_text.hpp"

#include <cmath>
#include <cstdio>

namespace espalier::solver::io {

std::string json_string(const std::string& text) {
  const auto continues = [&](std::size_t k) {
    return k < text.size() && (static_cast<unsigned char>(text[k]) & 0xc0) == 0x80;
  };
  std::string result = "\"";
  for (std::size_t k = 0; k < text.size(); ++k) {
    const auto byte = static_cast<unsigned char>(text[k]);
    if (byte == '"' || byte == '\\') {
      result += '\\';
      result += text[k];
    } else if (byte < 0x20 || byte == 0x7f) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", byte);
      result += escape;
    } else if (byte < 0x80) {
      result += text[k];
    } else {
      const std::size_t length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 0;
      bool is_valid = length != 0 && byte < 0xf5;
      for (std::size_t i = 1; i < length; ++i) is_valid = is_valid && continues(k + i);
      // Overlong forms, surrogates and values beyond U+10FFFF are not UTF-8 either.
      if (is_valid && length > 2) {
        const auto second = static_cast<unsigned char>(text[k + 1]);
        is_valid = !(byte == 0xe0 && second < 0xa0) && !(byte == 0xed && second > 0x9f) &&
                   !(byte == 0xf0 && second < 0x90) && !(byte == 0xf4 && second > 0x8f);
      }
      if (is_valid) {
        result += text.substr(k, length);
        k += length - 1;
      } else {
        result += '?';
      }
    }
  }
  return result + '"';
}

std::string json_double(double value) {
  if (!std::isfinite(value)) return "null";
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, "%.12g", value);
  return buffer;
}

void JsonObject::add(const char* name, const std::string& value) {
  if (text_.size() > 1) text_ += ',';
  text_ += '"';
  text_ += name;
  text_ += "\":";
  text_ += value;
}

}  // namespace espalier::solver::io
