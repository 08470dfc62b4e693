#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

#include "check/assignment.hpp"

namespace espalier::solver {

/// Why a proof is refused; caught by the checker, which adds the line.
struct ProofFault {
  std::string what;
};

/// The words of one line of a proof, read from left to right. Words are set apart by single blanks
/// and every number is written in the one shortest way.
class ProofLine {
 public:
  explicit ProofLine(std::string_view line) : rest_(line) { find_end(); }

  bool is_at_end() const noexcept { return rest_.empty(); }
  std::string_view peek() const noexcept { return rest_.substr(0, end_); }

  std::string_view word() {
    const std::string_view found = peek();
    if (found.empty()) throw ProofFault{"a word is missing"};
    rest_.remove_prefix(end_);
    if (!rest_.empty()) {
      rest_.remove_prefix(1);
      if (rest_.empty()) throw ProofFault{"the line ends in a blank"};
    }
    find_end();
    return found;
  }

  /// A whole number >= 1.
  std::int64_t number() { return to_number(word()); }

  void expect(std::string_view wanted) {
    const std::string_view found = word();
    if (found != wanted) {
      throw ProofFault{"found '" + std::string(found) + "'; expected '" + std::string(wanted) +
                       "'"};
    }
  }

  void expect_end() const {
    if (!rest_.empty()) throw ProofFault{"more on the line than expected"};
  }

  /// How many variables a proof may speak of: x1 ... of the problem, and y1 ... of its own, which
  /// are numbered behind them.
  struct Names {
    std::size_t num_items = 0;
    std::size_t num_extensions = 0;
  };

  /// x<k>, ~x<k>, y<k> or ~y<k>.
  Literal literal(Names names) { return to_literal(word(), names); }

  static bool is_literal(std::string_view word) noexcept {
    return !word.empty() && (word[0] == 'x' || word[0] == 'y' || word[0] == '~');
  }

  static Literal to_literal(std::string_view word, Names names) {
    Literal literal;
    literal.is_negated = word.starts_with('~');
    const std::string_view name = literal.is_negated ? word.substr(1) : word;
    const bool is_item = name.starts_with('x');
    if (!is_item && !name.starts_with('y')) {
      throw ProofFault{"found '" + std::string(word) + "'; expected a literal such as ~x1"};
    }
    const std::int64_t k = to_number(name.substr(1));
    if (k > static_cast<std::int64_t>(is_item ? names.num_items : names.num_extensions)) {
      throw ProofFault{"there is no variable " + std::string(name)};
    }
    const std::int64_t first = is_item ? 0 : static_cast<std::int64_t>(names.num_items);
    literal.variable = static_cast<std::int32_t>(first + k - 1);
    return literal;
  }

  static std::int64_t to_number(std::string_view word) {
    constexpr std::size_t kSafeDigits = 18;
    std::int64_t value = 0;
    bool is_right = !word.empty() && word[0] != '0';
    if (word.size() <= kSafeDigits) {
      for (const char c : word) {
        is_right = is_right && c >= '0' && c <= '9';
        if (!is_right) break;
        value = 10 * value + (c - '0');
      }
    } else {
      const char* const end = word.data() + word.size();
      const auto parsed = std::from_chars(word.data(), end, value);
      is_right = is_right && parsed.ec == std::errc() && parsed.ptr == end && value > 0;
    }
    if (!is_right) {
      throw ProofFault{"found '" + std::string(word) + "'; expected a whole number of 1 or more"};
    }
    return value;
  }

 private:
  // Words are short: a search that is good at long texts takes longer.
  void find_end() noexcept {
    end_ = 0;
    while (end_ < rest_.size() && rest_[end_] != ' ') ++end_;
  }

  std::string_view rest_;
  std::size_t end_ = 0;  // of the first word
};

}  // namespace espalier::solver
