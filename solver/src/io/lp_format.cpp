// CPLEX-LP, as far as it states 0-1 knapsacks:
//
//   Maximize
//    obj: 3 x + 4 y + 2.5
//   Subject To
//    c1: 2 x + 3 y <= 4
//   Binary
//    x y
//   End
//
// Every column must be binary: listed under Binary, or listed under General with bounds 0 and 1
// written out. Rows have their terms on the left and a number on the right; equality, ranges,
// products and every other section are refused.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "espalier/support/exact.hpp"

#include "io/formats.hpp"
#include "io/lp_lexer.hpp"
#include "io/name_table.hpp"
#include "io/sparse_model.hpp"

namespace espalier::solver::io {
namespace {

struct LpColumn {
  std::uint32_t last_sum = 0;  ///< number of the sum that had it last
  bool is_binary = false, is_integer = false;
  bool has_lower = false, has_upper = false;  ///< bounds written out: 0 and 1, others are refused
};

class LpReader {
 public:
  explicit LpReader(const SourceText& source) : source_(source), lexer_(source) {}

  Instance read() {
    read_objective();
    if (!at_section(LpSection::kRows)) lexer_.fail_expecting("a term or 'Subject To'");
    lexer_.advance();
    while (lexer_.kind() != LpToken::kSection) read_row();
    while (!at_section(LpSection::kEnd)) read_declarations();
    lexer_.advance();
    if (lexer_.kind() != LpToken::kEnd) lexer_.fail_expecting("the file to end behind 'End'");
    expect_binary_columns();
    model_.columns = names_.copy_names();
    return build_sparse(source_, std::move(model_));
  }

 private:
  bool at_section(LpSection section) const noexcept {
    return lexer_.kind() == LpToken::kSection && lexer_.section() == section;
  }

  void read_objective() {
    model_.objective_place = lexer_.place();
    model_.is_maximisation = at_section(LpSection::kMaximise);
    if (!model_.is_maximisation && !at_section(LpSection::kMinimise)) {
      lexer_.fail_expecting("'Maximize' or 'Minimize'");
    }
    lexer_.advance();
    skip_label();
    model_.objective = read_sum("the objective", &model_.objective_constant);
  }

  /// Passes over `name :` and returns the name, empty when there is none.
  std::string_view skip_label() {
    const bool is_label = (lexer_.kind() == LpToken::kName || lexer_.kind() == LpToken::kNumber) &&
                          lexer_.is_before_colon();
    if (!is_label) return {};
    const std::string_view label = lexer_.text();
    lexer_.advance();
    lexer_.advance();
    return label;
  }

  void read_row() {
    SparseRow row;
    row.place = lexer_.place();
    const std::string_view label = skip_label();
    if (label.empty()) {
      row.name = std::to_string(model_.rows.size() + 1);
    } else if (row_names_.find(label) >= 0) {
      source_.fail(row.place, "row " + quote(label) + " appears twice; expected one of a name");
    } else {
      row_names_.number_of(label);
      row.name = label;
    }
    row.terms = read_sum("row " + quote(row.name), nullptr);
    if (row.terms.empty()) lexer_.fail_expecting("a term such as '3 x'");
    if (lexer_.kind() == LpToken::kGreaterEqual) {
      row.relation = Relation::kAtLeast;
    } else if (lexer_.kind() != LpToken::kLessEqual) {
      lexer_.fail_expecting("a term, '<=' or '>=' (a knapsack has no other rows)");
    }
    lexer_.advance();
    row.right_hand_side = read_signed_number("a number on the right-hand side");
    expect_row_end();
    model_.rows.push_back(std::move(row));
  }

  /// What follows a right-hand side must begin a new row or section, not go on with this one.
  void expect_row_end() const {
    switch (lexer_.kind()) {
      case LpToken::kLessEqual:
      case LpToken::kGreaterEqual:
      case LpToken::kEqual:
      case LpToken::kOther:
      case LpToken::kColon:
        lexer_.fail_expecting("a row to end behind its right-hand side");
      case LpToken::kEnd:
        lexer_.fail_expecting("a row, a section or 'End'");
      default:
        return;
    }
  }

  /// +1 or -1 for any number of signs.
  int read_signs() {
    int sign = 1;
    for (; lexer_.kind() == LpToken::kSign; lexer_.advance()) {
      if (lexer_.text() == "-") sign = -sign;
    }
    return sign;
  }

  Decimal read_number() {
    Decimal value;
    const NumberError error = parse_decimal(lexer_.text(), value);
    if (error != NumberError::kNone) {
      source_.fail(lexer_.place(), "found " + quote(lexer_.text()) + "; " + expected_text(error));
    }
    lexer_.advance();
    return value;
  }

  Decimal read_signed_number(const char* expected) {
    const int sign = read_signs();
    if (lexer_.kind() != LpToken::kNumber) lexer_.fail_expecting(expected);
    Decimal value = read_number();
    value.mantissa *= sign;
    return value;
  }

  /// Reads terms as long as there are any. `constant` is null where none is allowed.
  std::vector<Term> read_sum(const std::string& what, Decimal* constant) {
    terms_.clear();
    ++sum_number_;
    bool has_constant = false;
    for (bool is_first = true;; is_first = false) {
      const bool begins_term =
          lexer_.kind() == LpToken::kSign ||
          (is_first && (lexer_.kind() == LpToken::kNumber || lexer_.kind() == LpToken::kName));
      if (!begins_term) return {terms_.begin(), terms_.end()};
      const int sign = read_signs();
      Decimal coefficient{sign, 0};
      const char* const place = lexer_.place();
      const bool has_number = lexer_.kind() == LpToken::kNumber;
      if (has_number) {
        coefficient = read_number();
        coefficient.mantissa *= sign;
      }
      if (lexer_.kind() == LpToken::kName) {
        terms_.emplace_back(read_column_once(what), coefficient);
      } else if (!has_number) {
        lexer_.fail_expecting("a number or a column");
      } else if (constant == nullptr || has_constant) {
        source_.fail(place, "found a constant in " + what +
                                (has_constant ? " twice; expected one"
                                              : "; expected terms of columns only"));
      } else {
        *constant = coefficient;
        has_constant = true;
      }
    }
  }

  std::int32_t read_column_once(const std::string& what) {
    const std::int32_t column = names_.number_of(lexer_.text());
    if (static_cast<std::size_t>(column) == columns_.size()) {
      columns_.emplace_back();
    }
    auto& last_sum = columns_[static_cast<std::size_t>(column)].last_sum;
    if (std::exchange(last_sum, sum_number_) == sum_number_) {
      source_.fail(lexer_.place(), "column " + quote(lexer_.text()) + " appears twice in " + what +
                                       "; expected once");
    }
    lexer_.advance();
    return column;
  }

  /// One section behind the rows.
  void read_declarations() {
    const LpSection section = lexer_.section();
    if (lexer_.kind() != LpToken::kSection) {
      lexer_.fail_expecting("'Bounds', 'Binary', 'General' or 'End'");
    }
    switch (section) {
      case LpSection::kBounds:
        lexer_.advance();
        while (lexer_.kind() != LpToken::kSection) read_bound();
        return;
      case LpSection::kBinaries:
      case LpSection::kIntegers:
        lexer_.advance();
        while (lexer_.kind() != LpToken::kSection) declare(section);
        return;
      default:
        lexer_.fail_expecting("'Bounds', 'Binary', 'General' or 'End' at this place");
    }
  }

  void declare(LpSection section) {
    LpColumn& column = known_column();
    bool& flag = section == LpSection::kBinaries ? column.is_binary : column.is_integer;
    if (std::exchange(flag, true)) lexer_.fail_expecting("every column to be listed once");
    lexer_.advance();
  }

  LpColumn& known_column() {
    if (lexer_.kind() != LpToken::kName) lexer_.fail_expecting("a column");
    const std::int32_t column = names_.find(lexer_.text());
    if (column < 0) lexer_.fail_expecting("a column that the objective or a row has");
    return columns_[static_cast<std::size_t>(column)];
  }

  /// `0 <= x <= 1`, `x <= 1`, `x >= 0`, `0 <= x` or `1 >= x`; other bounds make no binary column.
  void read_bound() {
    std::optional<Decimal> left;
    LpToken relation = LpToken::kEnd;
    if (lexer_.kind() == LpToken::kNumber || lexer_.kind() == LpToken::kSign) {
      left = read_signed_number("a bound 0 or 1 of a binary column");
      relation = read_bound_relation();
    }
    LpColumn& column = known_column();
    lexer_.advance();
    if (left) set_bound(column, relation == LpToken::kGreaterEqual, *left);
    const bool goes_on =
        lexer_.kind() == LpToken::kLessEqual || lexer_.kind() == LpToken::kGreaterEqual;
    if (left && !goes_on) return;
    relation = read_bound_relation();
    set_bound(column, relation == LpToken::kLessEqual,
              read_signed_number("a bound 0 or 1 of a binary column"));
  }

  LpToken read_bound_relation() {
    const LpToken relation = lexer_.kind();
    if (relation != LpToken::kLessEqual && relation != LpToken::kGreaterEqual) {
      lexer_.fail_expecting("'<=' or '>=' with a bound 0 or 1 of a binary column");
    }
    bound_place_ = lexer_.place();
    lexer_.advance();
    return relation;
  }

  void set_bound(LpColumn& column, bool is_upper, Decimal value) const {
    if (value != Decimal{is_upper ? 1 : 0, 0}) {
      source_.fail(bound_place_, std::string("found a bound that is not ") +
                                     (is_upper ? "<= 1" : ">= 0") +
                                     "; expected bounds 0 and 1 of a binary column");
    }
    (is_upper ? column.has_upper : column.has_lower) = true;
  }

  void expect_binary_columns() const {
    for (std::size_t j = 0; j < columns_.size(); ++j) {
      const LpColumn& column = columns_[j];
      if (column.is_binary || (column.is_integer && column.has_upper)) continue;
      const std::string_view name = names_.name(static_cast<std::int32_t>(j));
      source_.fail(name.data(), "column " + quote(name) +
                                    (column.is_integer ? " has no upper bound" : " is continuous") +
                                    "; expected it under Binary, or under General with bound 1");
    }
  }

  const SourceText& source_;
  LpLexer lexer_;
  SparseModel model_;
  NameTable names_, row_names_;
  std::vector<LpColumn> columns_;
  std::vector<Term> terms_;       // of the sum that is read
  std::uint32_t sum_number_ = 0;  // counts objective and rows
  const char* bound_place_ = nullptr;
};

}  // namespace

std::vector<Instance> read_lp(const SourceText& source) {
  std::vector<Instance> result;
  result.push_back(LpReader(source).read());
  return result;
}

}  // namespace espalier::solver::io
