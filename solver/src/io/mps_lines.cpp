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
  while (place_ != source_.end()) {
    const char* const begin = place_;
    place_ = std::find(begin, source_.end(), '\n');
    const std::string_view text(begin, static_cast<std::size_t>(place_ - begin));
    if (place_ != source_.end()) ++place_;
    if (text.starts_with('*') || trimmed(text).empty()) continue;
    line_.place = begin;
    line_.is_header = !is_space(text.front());
    split_words(text);
    if (layout_ == MpsLayout::kFixed && !line_.is_header) split_fields(text);
    return true;
  }
  return false;
}

void MpsLines::split_words(std::string_view text) {
  line_.words.clear();
  for (text = trimmed(text); !text.empty(); text = trimmed(text)) {
    const auto end = std::find_if(text.begin(), text.end(), is_space);
    const auto length = static_cast<std::size_t>(end - text.begin());
    line_.words.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
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
