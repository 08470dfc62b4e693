// OR-Library's mknap2.txt: prose, then 48 times
//
//   problem NAME.DAT
//   +++++++++++++++++
//   m n, n profits, m capacities, m rows of n weights, optimum
//   +++++++++++++++++
//
// Here the rows come first in the header and the capacities come before the weights.

#include <string>
#include <utility>
#include <vector>

#include "io/dense_reader.hpp"
#include "io/formats.hpp"

namespace espalier::solver::io {
namespace {

/// The line at `place` without surrounding space; moves `place` behind it.
std::string_view take_line(const char*& place, const char* end) noexcept {
  const char* const begin = place;
  while (place != end && *place != '\n') ++place;
  const std::string_view line(begin, static_cast<std::size_t>(place - begin));
  if (place != end) ++place;
  return trimmed(line);
}

bool is_ruler(std::string_view line) noexcept {
  return line.size() >= 3 && line.find_first_not_of('+') == std::string_view::npos;
}

DenseDraft read_problem(const SourceText& source, const char*& place) {
  DenseReader reader(source, NumberCursor(place, source.end()));
  DenseDraft draft;
  draft.place = place;
  const std::int64_t rows = reader.read_count("the number of rows");
  const std::int64_t items = reader.read_count("the number of items");
  // Memory is only asked for what the rest of the text can hold: a number and a space each.
  if (items * rows > source.end() - place) {
    source.fail(place, std::to_string(rows) + " rows of " + std::to_string(items) +
                           " items; expected no more than the file can hold");
  }
  draft.profits = reader.read_block(items, "profit");
  draft.capacities = reader.read_list(rows, "capacity");
  for (std::int64_t i = 0; i < rows; ++i) {
    draft.rows.push_back(
        reader.read_block(items, "weight of row " + std::to_string(i) + " and item"));
  }
  draft.optimum = reader.read_number("the optimum");
  place = reader.cursor().place();
  return draft;
}

}  // namespace

std::vector<Instance> read_mknap2(const SourceText& source) {
  std::vector<DenseDraft> drafts;
  const char* place = source.begin();
  while (place != source.end()) {
    const char* const line_begin = place;
    const auto line = take_line(place, source.end());
    if (!line.starts_with("problem ")) {
      // Prose and rulers stand before the first problem; only rulers and blank lines afterwards.
      if (drafts.empty() || line.empty() || is_ruler(line)) continue;
      source.fail(line_begin, "found " + quote(line) + "; expected 'problem NAME' or the end");
    }
    std::string_view next;
    const char* ruler_begin = place;
    while (next.empty() && place != source.end()) {
      ruler_begin = place;
      next = take_line(place, source.end());
    }
    if (!is_ruler(next))
      source.fail(ruler_begin, "expected a line of '+' under the problem's name");
    drafts.push_back(read_problem(source, place));
  }
  if (drafts.empty()) source.fail(source.end(), "expected a line 'problem NAME'");

  std::vector<Instance> result;
  for (std::size_t k = 0; k < drafts.size(); ++k) {
    drafts[k].name = source.instance_name;
    if (drafts.size() > 1) drafts[k].name += "#" + std::to_string(k);
    result.push_back(build_dense(source, std::move(drafts[k])));
  }
  return result;
}

}  // namespace espalier::solver::io
