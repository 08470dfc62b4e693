#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace espalier {

/// Bad input or misuse, thrown at the edge of the API before any work starts.
///
/// `what()` is one line, `FILE:LINE: what was found and what was expected`, without the parts that
/// are not known; line breaks and other control characters of quoted input become blanks. Limits,
/// interrupts and infeasibility are results, never errors.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message)
      : std::runtime_error(one_line(message)), message_(one_line(message)) {}

  /// `line` is 1-based; 0 where the input has no lines (a binary file, a value).
  Error(std::string file, long line, std::string message)
      : std::runtime_error(
            one_line(file + (line > 0 ? ":" + std::to_string(line) : "") + ": " + message)),
        file_(std::move(file)),
        line_(line),
        message_(one_line(std::move(message))) {}

  const std::string& file() const noexcept { return file_; }
  long line() const noexcept { return line_; }
  const std::string& message() const noexcept { return message_; }

 private:
  static std::string one_line(std::string text) {
    for (char& c : text) {
      if (static_cast<unsigned char>(c) < 0x20) c = ' ';
    }
    return text;
  }

  std::string file_;
  long line_ = 0;
  std::string message_;
};

/// A broken invariant of Espalier itself. It stops the run; it never becomes a result.
class InternalError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

}  // namespace espalier
