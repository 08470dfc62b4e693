#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace espalier::solver::io {

/// A file's whole (unpacked) text, with what is needed to report an error in it.
///
/// Readers keep views and pointers into `text`; a line number is only counted when an error needs
/// one, so that reading costs nothing for it.
struct SourceText {
  std::string_view text;
  std::string file;           ///< as the user named it, for error messages
  std::string instance_name;  ///< base name without ".gz"

  const char* begin() const noexcept { return text.data(); }
  const char* end() const noexcept { return text.data() + text.size(); }

  /// 1-based line of a place in `text`; its end counts as the last line that has any characters.
  long line_at(const char* place) const noexcept;

  /// Throws Error `FILE:LINE: message`.
  [[noreturn]] void fail(const char* place, const std::string& message) const;
  [[noreturn]] void fail_at_line(long line, const std::string& message) const;
};

/// 'token' in quotes for an error message: on one line and shortened, whatever it holds.
std::string quote(std::string_view token);

constexpr bool is_space(char c) noexcept {
  // Characters of words, by far the most, take one comparison.
  return static_cast<unsigned char>(c) <= ' ' &&
         (c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\v');
}
constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr char to_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Whether two ASCII words are equal but for case.
bool equal_words(std::string_view a, std::string_view b) noexcept;

std::string_view trimmed(std::string_view text) noexcept;

}  // namespace espalier::solver::io
