// An independent look at a claimed result. Everything is recomputed from the instance in 128-bit
// integers; nothing of the solver is used but the reader's Instance.

#include "espalier/solver/check.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "espalier/support/exact.hpp"

namespace espalier::solver {
namespace {

/// mantissa / 10^decimals, exactly. Kept small enough to be multiplied by any scale of an instance.
struct ExactNumber {
  Int128 mantissa = 0;
  int decimals = 0;
};

/// Objectives stay below 2^64 in magnitude and have at most 18 decimals; what is longer equals
/// none.
constexpr int kMostDecimals = 18;
constexpr int kMostDigits = 38;

/// Reads `[-]digits[.digits][e[+-]digits]` as JSON writes numbers; nothing if it is none, or is
/// certainly no objective of any instance.
std::optional<ExactNumber> parse_number(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  if (is_negative) text.remove_prefix(1);
  std::string digits;
  long point = -1;
  std::size_t k = 0;
  for (; k < text.size() && (text[k] == '.' || (text[k] >= '0' && text[k] <= '9')); ++k) {
    if (text[k] != '.') {
      digits += text[k];
    } else if (point >= 0) {
      return std::nullopt;
    } else {
      point = static_cast<long>(k);
    }
  }
  if (digits.empty()) return std::nullopt;
  long exponent = point < 0 ? 0 : point - static_cast<long>(digits.size());
  if (k < text.size()) {
    if (text[k] != 'e' && text[k] != 'E') return std::nullopt;
    std::string_view rest = text.substr(k + 1);
    const bool is_down = rest.starts_with('-');
    if (is_down || rest.starts_with('+')) rest.remove_prefix(1);
    if (rest.empty() || rest.size() > 6) return std::nullopt;
    long power = 0;
    for (const char c : rest) {
      if (c < '0' || c > '9') return std::nullopt;
      power = power * 10 + (c - '0');
    }
    exponent += is_down ? -power : power;
  }
  while (!digits.empty() && digits.back() == '0') {
    digits.pop_back();
    ++exponent;
  }
  digits.erase(0, digits.find_first_not_of('0'));
  if (digits.empty()) return ExactNumber{};
  if (exponent < -kMostDecimals || exponent > kMostDigits) return std::nullopt;
  if (exponent > 0) {
    digits.append(static_cast<std::size_t>(exponent), '0');
    exponent = 0;
  }
  if (digits.size() > kMostDigits) return std::nullopt;
  ExactNumber number;
  for (const char c : digits) number.mantissa = number.mantissa * 10 + (c - '0');
  if (is_negative) number.mantissa = -number.mantissa;
  number.decimals = static_cast<int>(-exponent);
  return number;
}

int sign_of(Int128 value) noexcept { return value < 0 ? -1 : value > 0 ? 1 : 0; }

/// Sign of a - b. Only the fractions are brought to a common denominator, so that nothing
/// overflows.
int compare(ExactNumber a, ExactNumber b) noexcept {
  const auto power = [](int exponent) {
    Int128 result = 1;
    for (; exponent > 0; --exponent) result *= 10;
    return result;
  };
  const Int128 scale_a = power(a.decimals), scale_b = power(b.decimals);
  const Int128 whole_a = floor_div(a.mantissa, scale_a), whole_b = floor_div(b.mantissa, scale_b);
  if (whole_a != whole_b) return whole_a < whole_b ? -1 : 1;
  const Int128 rest_a = a.mantissa - whole_a * scale_a, rest_b = b.mantissa - whole_b * scale_b;
  return sign_of(rest_a * scale_b - rest_b * scale_a);
}

class Checker {
 public:
  Checker(const Instance& instance, const ClaimedResult& claimed)
      : instance_(instance), problem_(instance.problem), claimed_(claimed) {}

  CheckReport run() {
    check_description();
    if (claimed_.status == "infeasible") {
      check_infeasible();
    } else if (claimed_.status == "optimal" || claimed_.status == "feasible") {
      check_solution();
    } else {
      complain("the status is '" + claimed_.status + "'; expected optimal, feasible or infeasible");
    }
    return std::move(report_);
  }

 private:
  void complain(std::string sentence) { report_.problems.push_back(std::move(sentence)); }

  void check_description() {
    const auto expect = [&](std::optional<std::int64_t> found, int expected, const char* what) {
      if (found && *found != expected) {
        complain(std::string("the result is for ") + std::to_string(*found) + " " + what +
                 "; the instance has " + std::to_string(expected));
      }
    };
    expect(claimed_.num_items, problem_.num_items(), "items");
    expect(claimed_.num_rows, problem_.num_rows(), "rows");
    if (!claimed_.instance.empty() && claimed_.instance != instance_.name) {
      complain("the result is for '" + claimed_.instance + "'; the instance is '" + instance_.name +
               "'");
    }
  }

  /// Taking exactly the items of negative weight loads every row least (a column's weights have one
  /// sign), so that an instance is infeasible if and only if that selection is.
  void check_infeasible() {
    if (!claimed_.selected.empty()) complain("the result is infeasible, yet it selects items");
    if (!claimed_.objective.empty() || !claimed_.bound.empty()) {
      complain("the result is infeasible, yet it claims an objective or a bound; expected null");
    }
    for (int i = 0; i < problem_.num_rows(); ++i) {
      Int128 least = 0;
      for (const std::int64_t weight : problem_.row(i)) least += std::min<std::int64_t>(weight, 0);
      if (least > problem_.capacities()[static_cast<std::size_t>(i)]) return;
    }
    complain("the result is infeasible, yet the items of negative weight (or none) are a solution");
  }

  void check_solution() {
    if (!check_indices()) return;
    check_rows();
    check_objective();
    check_bound();
  }

  bool check_indices() {
    std::vector<bool> is_taken(static_cast<std::size_t>(problem_.num_items()), false);
    for (const std::int32_t item : claimed_.selected) {
      if (item < 0 || item >= problem_.num_items()) {
        complain("item " + std::to_string(item) + " is selected; the instance has items 0 to " +
                 std::to_string(problem_.num_items() - 1));
        return false;
      }
      if (is_taken[static_cast<std::size_t>(item)]) {
        complain("item " + std::to_string(item) + " is selected twice");
        return false;
      }
      is_taken[static_cast<std::size_t>(item)] = true;
    }
    return true;
  }

  void check_rows() {
    report_.feasible = true;
    for (int i = 0; i < problem_.num_rows(); ++i) {
      Int128 load = 0;
      for (const std::int32_t item : claimed_.selected) load += problem_.weight(i, item);
      const std::int64_t capacity = problem_.capacities()[static_cast<std::size_t>(i)];
      if (load <= capacity) continue;
      report_.feasible = false;
      complain("row " + std::to_string(i) + " holds " +
               std::to_string(static_cast<std::int64_t>(load)) + "; its capacity is " +
               std::to_string(capacity));
    }
  }

  /// The selection's objective in the file's units, computed here.
  ExactNumber recomputed_objective() const {
    Int128 profit = 0;
    for (const std::int32_t item : claimed_.selected) {
      profit += problem_.profits()[static_cast<std::size_t>(item)];
    }
    ExactNumber value{instance_.sense * profit + instance_.offset, 0};
    for (std::int64_t scale = instance_.scale; scale > 1; scale /= 10) ++value.decimals;
    return value;
  }

  void check_objective() {
    const auto objective = parse_number(claimed_.objective);
    report_.objective_agrees = objective && compare(*objective, recomputed_objective()) == 0;
    if (report_.objective_agrees) return;
    std::int64_t profit = 0;
    for (const std::int32_t item : claimed_.selected) {
      profit += problem_.profits()[static_cast<std::size_t>(item)];
    }
    complain("the objective is given as '" + claimed_.objective + "'; the selection has " +
             objective_in_file_units(instance_, profit));
  }

  void check_bound() {
    const auto objective = parse_number(claimed_.objective);
    const auto bound = parse_number(claimed_.bound);
    if (!bound || !objective) {
      complain("the bound is given as '" + claimed_.bound + "'; expected a number to compare with");
      return;
    }
    // A bound is on the better side: above the objective of a maximisation.
    const int distance = instance_.sense * compare(*bound, *objective);
    const bool must_be_equal = claimed_.status == "optimal";
    report_.bound_consistent = must_be_equal ? distance == 0 : distance >= 0;
    if (report_.bound_consistent) return;
    complain(must_be_equal ? "the result is optimal, yet its bound " + claimed_.bound +
                                 " differs from its objective " + claimed_.objective
                           : "the bound " + claimed_.bound + " is worse than the objective " +
                                 claimed_.objective);
  }

  const Instance& instance_;
  const Problem& problem_;
  const ClaimedResult& claimed_;
  CheckReport report_;
};

}  // namespace

CheckReport check_result(const Instance& instance, const ClaimedResult& claimed) {
  return Checker(instance, claimed).run();
}

}  // namespace espalier::solver
