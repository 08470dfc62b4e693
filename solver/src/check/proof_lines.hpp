#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

#include "check/pb_sum.hpp"

namespace espalier::solver {

/// Why a proof is refused; caught by the checker, which adds the line.
struct ProofFault {
  std::string what;
};

/// The words of one line of a proof, read from left to right. Words are set apart by single blanks
/// and every number is written in the one shortest way.
class ProofLine {
 public:
  explicit ProofLine(std::string_view line) : rest_(line) {}

  bool is_at_end() const noexcept { return rest_.empty(); }
  std::string_view peek() const { return rest_.substr(0, rest_.find(' ')); }

  std::string_view word() {
    const std::string_view found = peek();
    if (found.empty()) throw ProofFault{"a word is missing"};
    rest_.remove_prefix(found.size());
    if (!rest_.empty()) {
      rest_.remove_prefix(1);
      if (rest_.empty()) throw ProofFault{"the line ends in a blank"};
    }
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

  /// x<k> or ~x<k>, with k from 1 to `num_variables`.
  Literal literal(std::size_t num_variables) { return to_literal(word(), num_variables); }

  static bool is_literal(std::string_view word) noexcept {
    return !word.empty() && (word[0] == 'x' || word[0] == '~');
  }

  static Literal to_literal(std::string_view word, std::size_t num_variables) {
    Literal literal;
    literal.is_negated = word.starts_with('~');
    const std::string_view name = literal.is_negated ? word.substr(1) : word;
    if (!name.starts_with('x')) {
      throw ProofFault{"found '" + std::string(word) + "'; expected a literal such as ~x1"};
    }
    const std::int64_t k = to_number(name.substr(1));
    if (k > static_cast<std::int64_t>(num_variables)) {
      throw ProofFault{"there is no variable " + std::string(name)};
    }
    literal.variable = static_cast<std::int32_t>(k - 1);
    return literal;
  }

  static std::int64_t to_number(std::string_view word) {
    std::int64_t value = 0;
    const char* const end = word.data() + word.size();
    const auto parsed = std::from_chars(word.data(), end, value);
    if (parsed.ec != std::errc() || parsed.ptr != end || word[0] < '1' || word[0] > '9') {
      throw ProofFault{"found '" + std::string(word) + "'; expected a whole number of 1 or more"};
    }
    return value;
  }

 private:
  std::string_view rest_;
};

}  // namespace espalier::solver
