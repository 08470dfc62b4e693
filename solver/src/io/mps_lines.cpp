#include "io/mps_lines.hpp"

#include <algorithm>
#include <string>

namespace espalier::solver::io {
namespace {

struct FieldColumns {
  std::size_t begin, length;  // begin counts from 0
};
constexpr std::array<FieldColumns, 6> kFields = {
    {{1, 2}, {4, 8}, {14, 8}, {24, 12}, {39, 8}, {49, 12}}};

}  // namespace

bool MpsLines::next() {
  const char* const end = source_.end();
  while (place_ != end) {
    const char* const begin = place_;
    if (*begin == '*') {
      place_ = end_of_line(begin);
    } else {
      split_words();
    }
    const std::string_view text(begin, static_cast<std::size_t>(place_ - begin));
    if (place_ != end) ++place_;
    if (text.starts_with('*') || line_.words.empty()) continue;
    line_.place = begin;
    line_.is_header = !is_space(text.front());
    if (layout_ == MpsLayout::kFixed && !line_.is_header) split_fields(text);
    return true;
  }
  return false;
}

const char* MpsLines::end_of_line(const char* place) const noexcept {
  return std::find(place, source_.end(), '\n');
}

/// Takes the words up to the end of the line, and moves there.
void MpsLines::split_words() {
  const char* const end = source_.end();
  const char* c = place_;
  line_.words.clear();
  while (true) {
    while (c != end && is_space(*c) && *c != '\n') ++c;
    if (c == end || *c == '\n') break;
    const char* const begin = c;
    while (c != end && !is_space(*c)) ++c;
    line_.words.emplace_back(begin, static_cast<std::size_t>(c - begin));
  }
  place_ = c;
}

void MpsLines::split_fields(std::string_view text) {
  line_.fields = {};
  std::size_t end_of_last = 0;
  const auto expect_blank = [&](std::size_t begin, std::size_t end) {
    if (begin >= text.size()) return;
    const auto gap = text.substr(begin, end == std::string_view::npos ? end : end - begin);
    if (!trimmed(gap).empty() || gap.find('\t') != std::string_view::npos) {
      source_.fail(line_.place, "found " + quote(trimmed(gap)) + " in column " +
                                    std::to_string(begin + 1) +
                                    " between two fields; expected a space");
    }
  };
  for (std::size_t k = 0; k < kFields.size(); ++k) {
    const auto [begin, length] = kFields[k];
    expect_blank(end_of_last, begin);
    if (begin < text.size()) line_.fields[k] = trimmed(text.substr(begin, length));
    end_of_last = begin + length;
  }
  expect_blank(end_of_last, std::string_view::npos);
}

}  // namespace espalier::solver::io
