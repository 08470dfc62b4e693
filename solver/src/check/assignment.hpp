#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace espalier::solver {

/// A literal over 0-based variables.
struct Literal {
  std::int32_t variable = 0;
  bool is_negated = false;
  bool operator==(const Literal&) const = default;
};

/// Values of some of the variables of a proof.
class Assignment {
 public:
  explicit Assignment(std::size_t num_variables)
      : may_be_one_(num_variables, kAllBits), is_one_(num_variables, 0) {}

  std::size_t num_variables() const noexcept { return is_one_.size(); }
  void add_variable() {
    may_be_one_.push_back(kAllBits);
    is_one_.push_back(0);
  }

  /// 0, 1, or -1 for none.
  int value(std::int32_t variable) const {
    const auto j = static_cast<std::size_t>(variable);
    return is_one_[j] != 0 ? 1 : may_be_one_[j] != 0 ? -1 : 0;
  }
  bool is_true(Literal literal) const {
    return value(literal.variable) == (literal.is_negated ? 0 : 1);
  }
  bool is_false(Literal literal) const {
    return value(literal.variable) == (literal.is_negated ? 1 : 0);
  }

  /// Makes a literal true; false when it is known to be false.
  bool assign(Literal literal) {
    if (const int known = value(literal.variable); known >= 0) {
      return known == (literal.is_negated ? 0 : 1);
    }
    const auto j = static_cast<std::size_t>(literal.variable);
    (literal.is_negated ? may_be_one_ : is_one_)[j] = literal.is_negated ? 0 : kAllBits;
    assigned_.push_back(literal.variable);
    return true;
  }
  /// Variables with a value, in the order in which they got it.
  const std::vector<std::int32_t>& assigned() const noexcept { return assigned_; }
  void clear() {
    for (const std::int32_t variable : assigned_) {
      may_be_one_[static_cast<std::size_t>(variable)] = kAllBits;
      is_one_[static_cast<std::size_t>(variable)] = 0;
    }
    assigned_.clear();
  }

  /// Per variable all bits or none, as the loops over constraints take it.
  std::span<const std::int64_t> may_be_one() const noexcept { return may_be_one_; }
  std::span<const std::int64_t> is_one() const noexcept { return is_one_; }

 private:
  static constexpr std::int64_t kAllBits = -1;

  std::vector<std::int64_t> may_be_one_;
  std::vector<std::int64_t> is_one_;
  std::vector<std::int32_t> assigned_;
};

}  // namespace espalier::solver
