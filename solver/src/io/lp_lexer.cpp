#include "io/lp_lexer.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

namespace espalier::solver::io {
namespace {

struct Keyword {
  std::string_view words;
  LpSection section;
};

/// Longer spellings stand before those that they begin with.
constexpr std::array kKeywords = {
    Keyword{"maximize", LpSection::kMaximise},
    Keyword{"maximise", LpSection::kMaximise},
    Keyword{"maximum", LpSection::kMaximise},
    Keyword{"max", LpSection::kMaximise},
    Keyword{"minimize", LpSection::kMinimise},
    Keyword{"minimise", LpSection::kMinimise},
    Keyword{"minimum", LpSection::kMinimise},
    Keyword{"min", LpSection::kMinimise},
    Keyword{"subject to", LpSection::kRows},
    Keyword{"such that", LpSection::kRows},
    Keyword{"s.t.", LpSection::kRows},
    Keyword{"st.", LpSection::kRows},
    Keyword{"st", LpSection::kRows},
    Keyword{"bounds", LpSection::kBounds},
    Keyword{"bound", LpSection::kBounds},
    Keyword{"binaries", LpSection::kBinaries},
    Keyword{"binary", LpSection::kBinaries},
    Keyword{"bin", LpSection::kBinaries},
    Keyword{"generals", LpSection::kIntegers},
    Keyword{"general", LpSection::kIntegers},
    Keyword{"gen", LpSection::kIntegers},
    Keyword{"integers", LpSection::kIntegers},
    Keyword{"integer", LpSection::kIntegers},
    Keyword{"int", LpSection::kIntegers},
    Keyword{"end", LpSection::kEnd},
    Keyword{"semi-continuous", LpSection::kUnsupported},
    Keyword{"semis", LpSection::kUnsupported},
    Keyword{"semi", LpSection::kUnsupported},
    Keyword{"sos1", LpSection::kUnsupported},
    Keyword{"sos2", LpSection::kUnsupported},
    Keyword{"sos", LpSection::kUnsupported},
    Keyword{"lazy constraints", LpSection::kUnsupported},
    Keyword{"user cuts", LpSection::kUnsupported},
    Keyword{"pwlobj", LpSection::kUnsupported},
};

/// What a character may be in a name: 0 no part of it, 1 not its first one, 2 any.
constexpr auto kNameUse = [] {
  std::array<std::uint8_t, 256> use{};
  for (const char c : std::string_view(".[]0123456789")) use[static_cast<unsigned char>(c)] = 1;
  for (const char c : std::string_view("_!\"#$%&(),;?@`'{}~"))
    use[static_cast<unsigned char>(c)] = 2;
  for (unsigned char c = 'a'; c <= 'z'; ++c)
    use[c] = use[static_cast<unsigned char>(c - 'a' + 'A')] = 2;
  return use;
}();

constexpr bool is_name_start(char c) noexcept {
  return kNameUse[static_cast<unsigned char>(c)] == 2;
}

constexpr bool is_name_char(char c) noexcept {
  return kNameUse[static_cast<unsigned char>(c)] != 0;
}

/// Whether a keyword begins with this letter.
constexpr auto kBeginsKeyword = [] {
  std::array<bool, 256> begins{};
  for (const Keyword& keyword : kKeywords)
    begins[static_cast<unsigned char>(keyword.words[0])] = true;
  return begins;
}();

}  // namespace

LpLexer::LpLexer(const SourceText& source) : source_(source), place_(source.begin()) { advance(); }

const char* LpLexer::skip_blank(const char* place, bool& crossed_line) const noexcept {
  while (place != source_.end()) {
    if (*place == '\\') {
      place = std::find(place, source_.end(), '\n');
    } else if (is_space(*place)) {
      crossed_line = crossed_line || *place == '\n';
      ++place;
    } else {
      break;
    }
  }
  return place;
}

void LpLexer::take(LpToken kind, const char* begin, const char* end) noexcept {
  kind_ = kind;
  text_ = {begin, static_cast<std::size_t>(end - begin)};
  place_ = end;
}

bool LpLexer::try_section() {
  if (!kBeginsKeyword[static_cast<unsigned char>(to_lower(*place_))]) return false;
  const std::string_view rest(place_, static_cast<std::size_t>(source_.end() - place_));
  for (const auto& [words, section] : kKeywords) {
    // The one space inside a keyword stands for any number of them.
    std::size_t used = 0;
    bool matches = true;
    for (const char c : words) {
      if (c == ' ') {
        const std::size_t before = used;
        while (used < rest.size() && (rest[used] == ' ' || rest[used] == '\t')) ++used;
        matches = used > before;
      } else {
        matches = used < rest.size() && to_lower(rest[used]) == c;
        ++used;
      }
      if (!matches) break;
    }
    if (!matches || (used < rest.size() && is_name_char(rest[used]))) continue;
    bool crossed_line = false;
    const char* const next = skip_blank(place_ + used, crossed_line);
    if (next != source_.end() && *next == ':') continue;  // a row of that name
    section_ = section;
    take(LpToken::kSection, place_, place_ + used);
    return true;
  }
  return false;
}

const char* LpLexer::end_of_number(const char* begin) const noexcept {
  const char* c = begin;
  while (c != source_.end() && is_digit(*c)) ++c;
  if (c != source_.end() && *c == '.') ++c;
  while (c != source_.end() && is_digit(*c)) ++c;
  // An exponent counts only when it is whole: in "3 e1" and "3eggs" the rest is a name.
  const char* e = c;
  if (e != source_.end() && (*e == 'e' || *e == 'E')) {
    ++e;
    if (e != source_.end() && (*e == '+' || *e == '-')) ++e;
    const char* const digits = e;
    while (e != source_.end() && is_digit(*e)) ++e;
    if (e != digits) c = e;
  }
  return c;
}

void LpLexer::advance() {
  bool crossed_line = place_ == source_.begin();
  place_ = skip_blank(place_, crossed_line);
  section_ = LpSection::kNone;
  if (place_ == source_.end()) return take(LpToken::kEnd, place_, place_);
  if (crossed_line && try_section()) return;

  const char* const begin = place_;
  const char c = *begin;
  const char next = begin + 1 == source_.end() ? '\0' : begin[1];
  if (is_digit(c) || (c == '.' && is_digit(next))) {
    return take(LpToken::kNumber, begin, end_of_number(begin));
  }
  if (is_name_start(c)) {
    const char* end = begin + 1;
    while (end != source_.end() && is_name_char(*end)) ++end;
    return take(LpToken::kName, begin, end);
  }
  if (c == '<') return take(LpToken::kLessEqual, begin, begin + (next == '=' ? 2 : 1));
  if (c == '>') return take(LpToken::kGreaterEqual, begin, begin + (next == '=' ? 2 : 1));
  if (c == '=' && next == '<') return take(LpToken::kLessEqual, begin, begin + 2);
  if (c == '=' && next == '>') return take(LpToken::kGreaterEqual, begin, begin + 2);
  if (c == '=') return take(LpToken::kEqual, begin, begin + 1);
  if (c == ':') return take(LpToken::kColon, begin, begin + 1);
  if ((c == '-' && next != '>') || c == '+') return take(LpToken::kSign, begin, begin + 1);
  take(LpToken::kOther, begin, begin + 1);
}

bool LpLexer::is_before_colon() const noexcept {
  bool crossed_line = false;
  const char* const next = skip_blank(place_, crossed_line);
  return next != source_.end() && *next == ':';
}

void LpLexer::fail_expecting(const char* expected) const {
  const std::string found = kind_ == LpToken::kEnd ? "the file ends" : "found " + quote(text_);
  source_.fail(place(), found + "; expected " + expected);
}

}  // namespace espalier::solver::io
