#include "io/source_text.hpp"

#include <algorithm>

#include "espalier/support/error.hpp"

namespace espalier::solver::io {

long SourceText::line_at(const char* place) const noexcept {
  if (place == end()) {
    while (place != begin() && is_space(place[-1])) --place;
  }
  return 1 + static_cast<long>(std::count(begin(), place, '\n'));
}

void SourceText::fail(const char* place, const std::string& message) const {
  throw Error(file, line_at(place), message);
}

void SourceText::fail_at_line(long line, const std::string& message) const {
  throw Error(file, line, message);
}

std::string quote(std::string_view token) {
  constexpr std::size_t kLongest = 40;
  std::string result = "'";
  for (const char c : token.substr(0, kLongest)) {
    const auto byte = static_cast<unsigned char>(c);
    result += byte < 0x20 || byte >= 0x7f ? '?' : c;
  }
  if (token.size() > kLongest) result += "...";
  return result + "'";
}

bool equal_words(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return to_lower(x) == to_lower(y); });
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace espalier::solver::io
