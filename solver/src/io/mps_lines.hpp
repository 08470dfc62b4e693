#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "io/source_text.hpp"

namespace espalier::solver::io {

/// How the fields of an MPS line are found.
enum class MpsLayout {
  kFree,  ///< separated by white space
  kFixed  ///< by columns (2-3, 5-12, 15-22, 25-36, 40-47, 50-61), so that names may have spaces
};

/// One line that is neither blank nor a comment.
struct MpsLine {
  const char* place = nullptr;
  bool is_header = false;  ///< begins a section: its first character is no space
  std::vector<std::string_view> words;
  /// Fixed layout only: the six fields without surrounding space, empty where blank.
  std::array<std::string_view, 6> fields;
};

/// Takes an MPS text apart into lines and fields.
class MpsLines {
 public:
  MpsLines(const SourceText& source, MpsLayout layout)
      : source_(source), layout_(layout), place_(source.begin()) {}

  /// Moves to the next line that says something; false at the end of the text.
  bool next();
  const MpsLine& line() const noexcept { return line_; }

 private:
  const char* end_of_line(const char* place) const noexcept;
  void split_words();
  void split_fields(std::string_view text);

  const SourceText& source_;
  MpsLayout layout_;
  const char* place_;
  MpsLine line_;
};

}  // namespace espalier::solver::io
