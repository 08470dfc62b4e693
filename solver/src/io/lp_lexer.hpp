#pragma once

#include <string_view>

#include "io/source_text.hpp"

namespace espalier::solver::io {

enum class LpToken {
  kEnd,
  kNumber,
  kName,
  kSign,          // + or -
  kLessEqual,     // <= =< <
  kGreaterEqual,  // >= => >
  kEqual,
  kColon,
  kSection,  // a section keyword at the beginning of a line
  kOther     // anything that no knapsack needs
};

enum class LpSection {
  kNone,
  kMaximise,
  kMinimise,
  kRows,
  kBounds,
  kBinaries,
  kIntegers,
  kEnd,
  kUnsupported  // semi-continuous, SOS and the like
};

/// Takes a CPLEX-LP text apart. Comments run from a backslash to the end of the line; line breaks
/// matter only in so far as a keyword counts as such at the beginning of a line.
class LpLexer {
 public:
  explicit LpLexer(const SourceText& source);

  /// The current token, its text and, for kSection, which one.
  LpToken kind() const noexcept { return kind_; }
  std::string_view text() const noexcept { return text_; }
  LpSection section() const noexcept { return section_; }
  const char* place() const noexcept { return text_.data(); }

  void advance();
  /// Whether a colon follows the current token.
  bool is_before_colon() const noexcept;

  [[noreturn]] void fail_expecting(const char* expected) const;

 private:
  const char* skip_blank(const char* place, bool& crossed_line) const noexcept;
  bool try_section();
  void take(LpToken kind, const char* begin, const char* end) noexcept;
  const char* end_of_number(const char* begin) const noexcept;

  const SourceText& source_;
  const char* place_;
  LpToken kind_ = LpToken::kEnd;
  LpSection section_ = LpSection::kNone;
  std::string_view text_;
};

}  // namespace espalier::solver::io
