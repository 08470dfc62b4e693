// MPS, fixed and free (IBM's format; the extensions OBJSENSE and BV as in CPLEX and Gurobi). A file
// whose white-space separated fields make sense is read so; otherwise the columns of the fixed
// layout are tried, which is only needed for names with spaces.
//
// Every column must be binary: declared BV, or integer (between INTORG and INTEND markers, or by LI
// and UI bounds) with bounds 0 and 1 written out. An integer column without an upper bound is
// refused, because programs disagree whether that means 1 or infinity. Rows must be L or G; as the
// format says, the first N row is the objective and any other N row is no part of the model.
// The objective's right-hand side is minus its constant.

#include <array>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "espalier/support/error.hpp"

#include "io/formats.hpp"
#include "io/mps_lines.hpp"
#include "io/name_table.hpp"
#include "io/sparse_model.hpp"

namespace espalier::solver::io {
namespace {

/// What a data line says once its fields are sorted out.
struct NamedValue {
  std::string_view name, value;
};

/// The one or two of a line.
struct NamedValues {
  std::array<NamedValue, 2> values;
  std::size_t count = 0;

  const NamedValue* begin() const noexcept { return values.data(); }
  const NamedValue* end() const noexcept { return values.data() + count; }
};

struct ColumnBounds {
  bool is_integer = false;
  bool has_upper = false;
};

class MpsReader {
 public:
  MpsReader(const SourceText& source, MpsLayout layout)
      : source_(source), layout_(layout), lines_(source, layout) {}

  Instance read() {
    bool ended = false;
    bool more = lines_.next();
    while (more && !ended) {
      if (!line().is_header) fail("found " + quote(line().words[0]) + "; expected a section");
      const std::string_view section = line().words[0];
      if (section == "ENDATA") {
        ended = true;
        if (lines_.next()) fail("found text behind ENDATA; expected the file to end");
      } else {
        more = read_section(section);
      }
    }
    if (!ended) source_.fail(source_.end(), "the file ends without ENDATA; truncated?");
    expect_binary_columns();
    model_.columns = columns_.copy_names();
    if (!objective_row_) source_.fail(source_.end(), "no N row was found; expected an objective");
    return build_sparse(source_, std::move(model_));
  }

 private:
  enum class RowKind { kObjective, kFree, kModel };
  struct RowUse {
    RowKind kind = RowKind::kModel;
    std::size_t model_row = 0;
    std::int32_t last_column = -1;  // the last column with an entry here
    bool has_right_hand_side = false;
  };

  const MpsLine& line() const noexcept { return lines_.line(); }
  [[noreturn]] void fail(const std::string& message) const { source_.fail(line().place, message); }

  /// Reads up to the next header; false at the end of the text.
  bool read_section(std::string_view section) {
    if (section == "NAME") return skip_name();
    if (section == "OBJSENSE") return read_objective_sense();
    if (section == "ROWS") return each_data_line([this] { read_row(); });
    if (section == "COLUMNS") {
      reserve_columns();
      return each_data_line([this] { read_column(); });
    }
    if (section == "RHS") return each_data_line([this] { read_right_hand_side(); });
    if (section == "BOUNDS") return each_data_line([this] { read_bound(); });
    if (section == "RANGES") {
      return each_data_line([this] { fail("found a range; expected rows with one side only"); });
    }
    fail("found section " + quote(section) +
         "; expected NAME, OBJSENSE, ROWS, COLUMNS, RHS, BOUNDS or ENDATA");
  }

  template <typename Reader>
  bool each_data_line(Reader read_line) {
    if (line().words.size() > 1) fail("found " + quote(line().words[1]) + " behind the section");
    while (lines_.next()) {
      if (line().is_header) return true;
      read_line();
    }
    return false;
  }

  bool skip_name() {
    const bool more = lines_.next();
    if (more && !line().is_header) fail("found data under NAME; expected a section");
    return more;
  }

  bool read_objective_sense() {
    std::string_view word = line().words.size() > 1 ? line().words[1] : std::string_view();
    bool more = true;
    if (word.empty()) {
      more = lines_.next();
      if (!more || line().words.size() != 1) fail("expected MAX or MIN under OBJSENSE");
      word = line().words[0];
    }
    if (equal_words(word, "MAX") || equal_words(word, "MAXIMIZE")) {
      model_.is_maximisation = true;
    } else if (!equal_words(word, "MIN") && !equal_words(word, "MINIMIZE")) {
      fail("found the objective sense " + quote(word) + "; expected MAX or MIN");
    }
    return lines_.next();
  }

  void read_row() {
    const bool is_fixed = layout_ == MpsLayout::kFixed;
    if (!is_fixed && line().words.size() != 2) fail("expected the type and the name of a row");
    const std::string_view type = is_fixed ? line().fields[0] : line().words[0];
    const std::string_view name = is_fixed ? line().fields[1] : line().words[1];
    if (name.empty()) fail("expected the name of a row");
    if (rows_.find(name) >= 0) fail("row " + quote(name) + " is declared twice");
    rows_.number_of(name);
    RowUse use;
    if (type == "N" || type == "n") {
      use.kind = objective_row_ ? RowKind::kFree : RowKind::kObjective;
      if (!objective_row_) model_.objective_place = line().place;
      objective_row_ = true;
    } else if (type == "L" || type == "l" || type == "G" || type == "g") {
      use.model_row = model_.rows.size();
      SparseRow row;
      row.name = name;
      row.place = line().place;
      row.relation = to_lower(type[0]) == 'l' ? Relation::kAtMost : Relation::kAtLeast;
      model_.rows.push_back(std::move(row));
    } else {
      fail("row " + quote(name) + " has type " + quote(type) +
           "; expected N, L or G (a knapsack has no other rows)");
    }
    uses_.push_back(use);
  }

  /// The pairs (row, number) of a COLUMNS or RHS line, which begin at word `first`.
  NamedValues pairs(std::size_t first) const {
    if (layout_ == MpsLayout::kFixed) {
      const auto& fields = line().fields;
      const bool has_two = !fields[4].empty() || !fields[5].empty();
      return {{{{fields[2], fields[3]}, {fields[4], fields[5]}}}, has_two ? 2U : 1U};
    }
    const auto& words = line().words;
    if (words.size() <= first || (words.size() - first) % 2 != 0 || words.size() - first > 4) {
      fail("found " + std::to_string(words.size()) +
           " fields; expected a name and one or two pairs of row and number");
    }
    NamedValues result;
    for (std::size_t k = first; k < words.size(); k += 2) {
      result.values[result.count++] = {words[k], words[k + 1]};
    }
    return result;
  }

  /// `what` of `name` is the number, for errors.
  Decimal number(std::string_view text, const char* what, std::string_view name) const {
    Decimal value;
    const NumberError error = parse_decimal(text, value);
    if (error != NumberError::kNone) {
      fail(what + quote(name) + " is " + quote(text) + "; " + expected_text(error));
    }
    return value;
  }

  RowUse& row_use(std::string_view name) {
    const std::int32_t row = rows_.find(name);
    if (row < 0) fail("found the row " + quote(name) + "; expected one of the section ROWS");
    return uses_[static_cast<std::size_t>(row)];
  }

  bool is_marker() const {
    return line().words.size() == 3 &&
           (line().words[1] == "'MARKER'" || line().words[1] == "MARKER");
  }

  void read_marker() {
    const std::string_view kind = line().words[2];
    const bool begins = kind == "'INTORG'" || kind == "INTORG";
    if (!begins && kind != "'INTEND'" && kind != "INTEND") {
      fail("found the marker " + quote(kind) + "; expected 'INTORG' or 'INTEND'");
    }
    if (begins == in_integers_) fail("found the marker " + quote(kind) + " twice");
    in_integers_ = begins;
  }

  /// As much as the text can hold where all columns are in all rows, and where the rows are about
  /// equally long; touched only when used.
  void reserve_columns() {
    constexpr std::size_t kBytesOfTerm = 16;
    const std::size_t terms = source_.text.size() / kBytesOfTerm / (model_.rows.size() + 1);
    model_.objective.reserve(terms);
    for (SparseRow& row : model_.rows) row.terms.reserve(terms);
    columns_.reserve(terms);
    bounds_.reserve(terms);
  }

  void read_column() {
    if (is_marker()) return read_marker();
    const bool is_fixed = layout_ == MpsLayout::kFixed;
    const std::string_view name = is_fixed ? line().fields[1] : line().words[0];
    if (name.empty()) fail("expected the name of a column");
    const std::int32_t column = begin_or_go_on(name);
    for (const auto& [row, text] : pairs(1)) {
      RowUse& use = row_use(row);
      if (std::exchange(use.last_column, column) == column) {
        fail("column " + quote(name) + " has two entries in row " + quote(row) + "; expected one");
      }
      const Term term{column, number(text, "the entry of column ", name)};
      if (use.kind == RowKind::kObjective) model_.objective.push_back(term);
      if (use.kind == RowKind::kModel) model_.rows[use.model_row].terms.push_back(term);
    }
  }

  /// Number of the column, which is a new one or that of the line before.
  std::int32_t begin_or_go_on(std::string_view name) {
    const auto last = static_cast<std::int32_t>(columns_.size()) - 1;
    if (last >= 0 && columns_.name(last) == name) return last;
    const std::int32_t column = columns_.number_of(name);
    if (column <= last) {
      fail("column " + quote(name) + " appears twice; expected all its entries together");
    }
    bounds_.push_back({in_integers_, false});
    return column;
  }

  /// One set of right-hand sides and one of bounds may be given; its name may be left out.
  void note_set(std::optional<std::string>& known, std::string_view name) const {
    if (!known) known = name;
    if (*known != name) {
      fail("found the set " + quote(name) + " besides " + quote(*known) + "; expected one set");
    }
  }

  void read_right_hand_side() {
    const bool is_fixed = layout_ == MpsLayout::kFixed;
    const std::size_t first = line().words.size() % 2;  // an odd number begins with the set's name
    note_set(right_hand_set_, is_fixed     ? line().fields[1]
                              : first == 1 ? line().words[0]
                                           : std::string_view());
    for (const auto& [row, text] : pairs(first)) {
      RowUse& use = row_use(row);
      if (std::exchange(use.has_right_hand_side, true)) {
        fail("row " + quote(row) + " has two right-hand sides; expected one");
      }
      const Decimal value = number(text, "the right-hand side of row ", row);
      if (use.kind == RowKind::kModel) model_.rows[use.model_row].right_hand_side = value;
      if (use.kind == RowKind::kObjective) {
        model_.objective_constant = {-value.mantissa, value.decimals};
      }
    }
  }

  struct Bound {
    std::string_view type, set, column, value;
  };

  Bound split_bound() const {
    if (layout_ == MpsLayout::kFixed) {
      const auto& fields = line().fields;
      return {fields[0], fields[1], fields[2], fields[3]};
    }
    const auto& words = line().words;
    const std::string_view type = words[0];
    const bool has_value = type != "BV" && type != "FR" && type != "MI" && type != "PL";
    // A set's name may be missing, and a value may follow where none is needed.
    if (words.size() == 4) return {type, words[1], words[2], words[3]};
    if (words.size() == 3 && has_value) return {type, {}, words[1], words[2]};
    if (words.size() == 3) {
      if (columns_.find(words[2]) >= 0) return {type, words[1], words[2], {}};
      return {type, {}, words[1], words[2]};
    }
    if (words.size() == 2 && !has_value) return {type, {}, words[1], {}};
    fail("found " + std::to_string(words.size()) +
         " fields; expected the type of a bound, a set, a column and a number");
  }

  void read_bound() {
    const Bound bound = split_bound();
    note_set(bound_set_, bound.set);
    const std::int32_t column = columns_.find(bound.column);
    if (column < 0) fail("found the column " + quote(bound.column) + "; expected one of COLUMNS");
    ColumnBounds& bounds = bounds_[static_cast<std::size_t>(column)];
    const bool is_upper = bound.type == "UP" || bound.type == "UI";
    const bool is_lower = bound.type == "LO" || bound.type == "LI";
    if (bound.type == "BV") {
      bounds.is_integer = bounds.has_upper = true;
      return;
    }
    if (!is_upper && !is_lower) {
      fail("column " + quote(bound.column) + " has a bound of type " + quote(bound.type) +
           "; expected BV, or UP and LO, of a binary column");
    }
    const Decimal value = number(bound.value, "the bound of column ", bound.column);
    if (value != Decimal{is_upper ? 1 : 0, 0}) {
      fail("column " + quote(bound.column) + " has the " + (is_upper ? "upper" : "lower") +
           " bound " + std::string(bound.value) + "; expected a binary column");
    }
    if (bound.type == "UI" || bound.type == "LI") bounds.is_integer = true;
    if (is_upper) bounds.has_upper = true;
  }

  void expect_binary_columns() const {
    for (std::size_t j = 0; j < bounds_.size(); ++j) {
      const ColumnBounds& bounds = bounds_[j];
      if (bounds.is_integer && bounds.has_upper) continue;
      const std::string_view name = columns_.name(static_cast<std::int32_t>(j));
      source_.fail(name.data(), "column " + quote(name) +
                                    (bounds.is_integer ? " is an integer without an upper bound"
                                                       : " is continuous") +
                                    "; expected a binary column (BV, or INTORG with UP 1)");
    }
  }

  const SourceText& source_;
  MpsLayout layout_;
  MpsLines lines_;
  SparseModel model_;
  NameTable rows_, columns_;
  std::vector<RowUse> uses_;          // of every row of the file, objective and free ones too
  std::vector<ColumnBounds> bounds_;  // of every column
  std::optional<std::string> right_hand_set_, bound_set_;
  bool objective_row_ = false;
  bool in_integers_ = false;
};

}  // namespace

std::vector<Instance> read_mps(const SourceText& source) {
  std::vector<Instance> result;
  try {
    result.push_back(MpsReader(source, MpsLayout::kFree).read());
  } catch (const Error&) {
    const auto error_of_free_layout = std::current_exception();
    try {
      result.push_back(MpsReader(source, MpsLayout::kFixed).read());
    } catch (const Error&) {
      std::rethrow_exception(error_of_free_layout);  // the layout nearly every file is meant in
    }
  }
  return result;
}

}  // namespace espalier::solver::io
