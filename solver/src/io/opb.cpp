// OPB, the format of the pseudo-Boolean competition (O. Roussel and V. Manquinho, "Input/Output
// Format and Solver Requirements for the Competitions of Pseudo-Boolean Solvers", 2012):
//
//   * #variable= 3 #constraint= 1
//   min: -3 x1 -4 x2 -2 x3 ;
//   +2 x1 +3 x2 +1 ~x3 <= 4 ;
//
// Also taken, because they are in use: `max:`, `<=`, and names other than x1, x2, ... Refused: `=`
// (no knapsack), products of variables, soft constraints, and a missing objective. `~x` is 1 - x.
// Variables x1, x2, ... become items in the order of their numbers, others in order of appearance.

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "espalier/support/exact.hpp"

#include "io/formats.hpp"
#include "io/name_table.hpp"
#include "io/sparse_model.hpp"

namespace espalier::solver::io {
namespace {

/// A sum of terms; the constant comes from negated literals.
struct LinearSum {
  std::vector<Term> terms;
  std::int64_t constant = 0;
};

class OpbReader {
 public:
  explicit OpbReader(const SourceText& source) : source_(source), place_(source.begin()) {}

  std::vector<Instance> read() {
    read_objective();
    while (skip_space()) read_row();
    check_header();
    model_.columns = names_.copy_names();
    sort_numbered_columns();
    std::vector<Instance> result;
    result.push_back(build_sparse(source_, std::move(model_)));
    return result;
  }

 private:
  /// Passes over white space and comment lines; false at the end of the text.
  bool skip_space() {
    while (place_ != source_.end()) {
      if (*place_ == '*' && (place_ == source_.begin() || place_[-1] == '\n')) {
        const char* const begin = place_;
        while (place_ != source_.end() && *place_ != '\n') ++place_;
        note_header({begin, static_cast<std::size_t>(place_ - begin)});
      } else if (is_space(*place_)) {
        ++place_;
      } else {
        return true;
      }
    }
    return false;
  }

  /// "* #variable= 5 #constraint= 4", the first comment.
  void note_header(std::string_view comment) {
    if (!declared_variables_) declared_variables_ = count_behind(comment, "#variable=");
    if (!declared_rows_) declared_rows_ = count_behind(comment, "#constraint=");
  }

  static std::optional<std::int64_t> count_behind(std::string_view comment, std::string_view key) {
    const auto found = comment.find(key);
    if (found == std::string_view::npos) return std::nullopt;
    NumberCursor cursor(comment.data() + found + key.size(), comment.data() + comment.size());
    Decimal value;
    if (!cursor.skip_space() || cursor.read(value) != NumberError::kNone) return std::nullopt;
    return value.mantissa;
  }

  void check_header() const {
    const auto rows = static_cast<std::int64_t>(model_.rows.size());
    if (declared_rows_ && *declared_rows_ != rows) {
      source_.fail(source_.end(), "found " + std::to_string(rows) + " constraints; expected the " +
                                      std::to_string(*declared_rows_) + " of the header");
    }
    const auto variables = static_cast<std::int64_t>(names_.size());
    if (declared_variables_ && *declared_variables_ < variables) {
      source_.fail(source_.end(), "found " + std::to_string(variables) +
                                      " variables; expected at most the " +
                                      std::to_string(*declared_variables_) + " of the header");
    }
  }

  [[noreturn]] void fail_here(const std::string& expected) {
    if (!skip_space()) source_.fail(place_, "the file ends; expected " + expected);
    source_.fail(place_, "found " + quote(NumberCursor(place_, source_.end()).token()) +
                             "; expected " + expected);
  }

  bool take(std::string_view text) {
    if (!skip_space()) return false;
    if (!std::string_view(place_, static_cast<std::size_t>(source_.end() - place_))
             .starts_with(text)) {
      return false;
    }
    place_ += text.size();
    return true;
  }

  void read_objective() {
    skip_space();
    model_.objective_place = place_;
    const bool is_minimisation = take("min");
    model_.is_maximisation = !is_minimisation && take("max");
    if ((!is_minimisation && !model_.is_maximisation) || !take(":")) {
      fail_here("an objective 'min:' or 'max:'");
    }
    LinearSum sum = read_sum("the objective");
    if (!take(";")) fail_here("a term or ';' at the end of the objective");
    model_.objective = std::move(sum.terms);
    model_.objective_constant = {sum.constant, 0};
  }

  void read_row() {
    SparseRow row;
    row.place = place_;
    row.name = std::to_string(model_.rows.size() + 1);
    LinearSum sum = read_sum("constraint " + row.name);
    if (sum.terms.empty()) fail_here("a term such as '+3 x1'");
    row.terms = std::move(sum.terms);
    if (take(">=")) {
      row.relation = Relation::kAtLeast;
    } else if (!take("<=")) {
      fail_here("a term, '>=' or '<=' (a knapsack has no other rows)");
    }
    skip_space();
    const char* const place = place_;
    const std::int64_t bound = read_integer();
    const auto moved = checked_add(bound, -sum.constant);
    if (!moved || *moved == kInt64Min) {
      source_.fail(place, "the right-hand side reaches 2^63; expected less");
    }
    row.right_hand_side = {*moved, 0};
    if (!take(";")) fail_here("';' at the end of the constraint");
    model_.rows.push_back(std::move(row));
  }

  LinearSum read_sum(const std::string& what) {
    LinearSum sum;
    terms_.clear();
    ++sum_number_;
    while (skip_space() && (is_digit(*place_) || *place_ == '+' || *place_ == '-')) {
      const char* const place = place_;
      const std::int64_t coefficient = read_integer();
      const bool is_negated = take("~");
      const std::int32_t column = read_variable();
      if (names_.size() > last_sum_of_.size()) last_sum_of_.push_back(0);
      auto& last_sum = last_sum_of_[static_cast<std::size_t>(column)];
      if (std::exchange(last_sum, sum_number_) == sum_number_) {
        source_.fail(place, "variable " + quote(names_.name(column)) + " appears twice in " + what +
                                "; expected once");
      }
      if (is_negated) {
        const auto constant = checked_add(sum.constant, coefficient);
        if (!constant || *constant == kInt64Min) {
          source_.fail(place, "the coefficients of negated variables sum to 2^63; expected less");
        }
        sum.constant = *constant;
      }
      terms_.push_back({column, {is_negated ? -coefficient : coefficient, 0}});
      if (skip_space() && (*place_ == '~' || is_name_start(*place_))) {
        source_.fail(place_, "found a product of variables; expected a linear term");
      }
    }
    sum.terms.assign(terms_.begin(), terms_.end());
    return sum;
  }

  /// An integer; a sign may stand apart from its digits.
  std::int64_t read_integer() {
    if (!skip_space()) fail_here("a number");
    const char* const begin = place_;
    const bool is_negative = *place_ == '-';
    if (is_negative || *place_ == '+') ++place_;
    while (place_ != source_.end() && (*place_ == ' ' || *place_ == '\t')) ++place_;
    const char* const first = place_;
    while (place_ != source_.end() && is_digit(*place_)) ++place_;
    const bool is_fraction = place_ != source_.end() && *place_ == '.';
    Decimal value;
    const NumberError error =
        parse_decimal({first, static_cast<std::size_t>(place_ - first)}, value);
    if (error != NumberError::kNone || is_fraction) {
      source_.fail(begin, "found " + quote(NumberCursor(begin, source_.end()).token()) +
                              "; expected an integer of magnitude below 2^63");
    }
    return is_negative ? -value.mantissa : value.mantissa;
  }

  static bool is_name_start(char c) noexcept { return is_letter(c) || c == '_'; }

  std::int32_t read_variable() {
    if (!skip_space() || !is_name_start(*place_)) fail_here("a variable such as x1");
    const char* const begin = place_;
    const auto in_name = [](char c) {
      return is_name_start(c) || is_digit(c) || c == '[' || c == ']' || c == '.' || c == ',' ||
             c == '#' || c == '$';
    };
    while (place_ != source_.end() && in_name(*place_)) ++place_;
    return names_.number_of({begin, static_cast<std::size_t>(place_ - begin)});
  }

  /// k for a name "x<k>" without leading zeros, else nothing.
  static std::optional<std::int64_t> number_in(std::string_view name) {
    if (name.size() < 2 || name[0] != 'x' || name[1] == '0') return std::nullopt;
    if (!std::all_of(name.begin() + 1, name.end(), is_digit)) return std::nullopt;
    Decimal value;
    if (parse_decimal(name.substr(1), value) != NumberError::kNone) return std::nullopt;
    return value.mantissa;
  }

  void sort_numbered_columns() {
    std::vector<std::pair<std::int64_t, std::int32_t>> order;
    for (const std::string& name : model_.columns) {
      const auto number = number_in(name);
      if (!number) return;
      order.emplace_back(*number, static_cast<std::int32_t>(order.size()));
    }
    if (std::is_sorted(order.begin(), order.end())) return;
    std::sort(order.begin(), order.end());
    std::vector<std::int32_t> new_column(order.size());
    std::vector<std::string> names(order.size());
    for (std::size_t k = 0; k < order.size(); ++k) {
      const auto old = static_cast<std::size_t>(order[k].second);
      new_column[old] = static_cast<std::int32_t>(k);
      names[k] = std::move(model_.columns[old]);
    }
    model_.columns = std::move(names);
    const auto renumber = [&](std::vector<Term>& terms) {
      for (Term& term : terms) term.column = new_column[static_cast<std::size_t>(term.column)];
    };
    renumber(model_.objective);
    for (SparseRow& row : model_.rows) renumber(row.terms);
  }

  const SourceText& source_;
  const char* place_;
  SparseModel model_;
  NameTable names_;
  std::vector<Term> terms_;  // of the sum that is read
  std::optional<std::int64_t> declared_variables_, declared_rows_;
  std::uint32_t sum_number_ = 0;            // counts objective and constraints
  std::vector<std::uint32_t> last_sum_of_;  // per column: the sum that had it last
};

}  // namespace

std::vector<Instance> read_opb(const SourceText& source) { return OpbReader(source).read(); }

}  // namespace espalier::solver::io
