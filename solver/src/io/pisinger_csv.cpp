// Pisinger's published instances (David Pisinger, "Where are the hard knapsack problems?",
// Computers & Operations Research 32, 2005): any number of blocks such as
//
//   knapPI_11_20_1000_1
//   n 20
//   c 970
//   z 1428
//   time 0.00
//   1,582,194,0
//   ...
//   -----
//
// with one line `index,profit,weight,chosen` per item. z is the optimal value; the chosen items are
// read but not kept.

#include <string>
#include <utility>
#include <vector>

#include "io/dense_reader.hpp"
#include "io/formats.hpp"

namespace espalier::solver::io {
namespace {

class PisingerCsv {
 public:
  explicit PisingerCsv(const SourceText& source)
      : source_(source), place_(source.begin()), line_begin_(source.begin()) {}

  std::vector<Instance> read() {
    std::vector<DenseDraft> drafts;
    while (next_line(Blank::kSkip)) drafts.push_back(read_block());
    std::vector<Instance> result;
    for (std::size_t k = 0; k < drafts.size(); ++k) {
      drafts[k].name = source_.instance_name;
      if (drafts.size() > 1) drafts[k].name += "#" + std::to_string(k);
      result.push_back(build_dense(source_, std::move(drafts[k])));
    }
    return result;
  }

 private:
  enum class Blank { kKeep, kSkip };

  /// Moves to the next line; false at the end of the text.
  bool next_line(Blank blank) {
    do {
      if (place_ == source_.end()) return false;
      line_begin_ = place_;
      while (place_ != source_.end() && *place_ != '\n') ++place_;
      line_ = trimmed({line_begin_, static_cast<std::size_t>(place_ - line_begin_)});
      if (place_ != source_.end()) ++place_;
    } while (blank == Blank::kSkip && line_.empty());
    return true;
  }

  void need_line(const std::string& what) {
    if (!next_line(Blank::kKeep)) {
      source_.fail(source_.end(), "the file ends where " + what + " is expected");
    }
  }

  /// The current line is the name of a block.
  DenseDraft read_block() {
    DenseDraft draft;
    draft.place = line_begin_;
    const PlacedNumber items = read_field("n");
    if (items.value.decimals != 0 || items.value.mantissa < 1 ||
        items.value.mantissa > source_.end() - source_.begin()) {
      source_.fail(items.place,
                   "found " + quote(line_) +
                       "; expected a number of items from 1 to what the file can hold");
    }
    draft.capacities.push_back(read_field("c"));
    draft.optimum = read_field("z");
    read_field("time");
    draft.profits = NumberBlock(1, items.value.mantissa);
    draft.rows.emplace_back(1, items.value.mantissa);
    for (std::int64_t j = 0; j < items.value.mantissa; ++j) read_item(draft, j);
    need_line("'-----' behind the last item");
    if (line_.find_first_not_of('-') != std::string_view::npos || line_.size() < 3) {
      source_.fail(line_begin_, "found " + quote(line_) + " behind item " +
                                    std::to_string(items.value.mantissa) + "; expected '-----'");
    }
    return draft;
  }

  /// A line `name number`.
  PlacedNumber read_field(std::string_view name) {
    const std::string expected = "a line '" + std::string(name) + " NUMBER'";
    need_line(expected);
    PlacedNumber number{{}, line_begin_};
    const bool is_field =
        line_.starts_with(name) && line_.size() > name.size() && is_space(line_[name.size()]);
    if (!is_field ||
        parse_decimal(trimmed(line_.substr(name.size())), number.value) != NumberError::kNone) {
      source_.fail(line_begin_, "found " + quote(line_) + "; expected " + expected);
    }
    return number;
  }

  /// A line `index,profit,weight,chosen`.
  void read_item(DenseDraft& draft, std::int64_t j) {
    const std::string expected = "'" + std::to_string(j + 1) + ",PROFIT,WEIGHT,CHOSEN'";
    need_line(expected);
    Decimal values[4];
    std::string_view rest = line_;
    for (int k = 0; k < 4; ++k) {
      const std::size_t comma = k < 3 ? rest.find(',') : rest.size();
      const NumberError error = comma == std::string_view::npos
                                    ? NumberError::kNotANumber
                                    : parse_decimal(trimmed(rest.substr(0, comma)), values[k]);
      if (error != NumberError::kNone) {
        source_.fail(line_begin_, "found " + quote(line_) + "; expected " + expected +
                                      (error == NumberError::kNotANumber
                                           ? ""
                                           : std::string(", ") + expected_text(error)));
      }
      rest.remove_prefix(k < 3 ? comma + 1 : comma);
    }
    const bool is_chosen_valid = values[3] == Decimal{0, 0} || values[3] == Decimal{1, 0};
    if (values[0] != Decimal{j + 1, 0} || !is_chosen_valid) {
      source_.fail(line_begin_,
                   "found " + quote(line_) + "; expected " + expected + " with CHOSEN 0 or 1");
    }
    draft.profits.add(values[1], line_begin_);
    draft.rows[0].add(values[2], line_begin_);
  }

  const SourceText& source_;
  const char* place_;       // behind the current line
  const char* line_begin_;  // the current line
  std::string_view line_;   // without surrounding space
};

}  // namespace

std::vector<Instance> read_pisinger_csv(const SourceText& source) {
  return PisingerCsv(source).read();
}

}  // namespace espalier::solver::io
