#include "check/pb_sum.hpp"

#include <algorithm>

namespace espalier::solver {
namespace {

/// Sums of magnitudes up to this cannot overflow, degree and slack included.
constexpr Int128 kMostSize = Int128{1} << 61;

template <typename Integer>
void divide_all(std::span<Integer> sum, const Integer& divisor) {
  Integer& right = sum.front();
  const auto terms = sum.subspan(1);
  for (const Integer& a : terms) {
    if (a < 0) right -= a;  // the degree
  }
  const auto ceiling = [&](const Integer& value) -> Integer {
    Integer quotient = value / divisor;
    if (value > 0 && quotient * divisor != value) quotient += 1;
    return quotient;
  };
  right = ceiling(right);
  for (Integer& a : terms) {
    if (a < 0) {
      a = -ceiling(Integer(-a));
      right += a;
    } else {
      a = ceiling(a);
    }
  }
}

template <typename Integer>
void saturate_all(std::span<Integer> sum) {
  Integer& right = sum.front();
  const auto terms = sum.subspan(1);
  Integer degree = right;
  for (const Integer& a : terms) {
    if (a < 0) degree -= a;
  }
  if (degree < 0) degree = 0;
  right = degree;
  for (Integer& a : terms) {
    if (a > degree) a = degree;
    if (a < 0) {
      if (-a > degree) a = -degree;
      right += a;
    }
  }
}

/// The largest left side that an assignment leaves, less the right one.
BigInt slack_under(std::span<const BigInt> sum, const Assignment& assignment) {
  BigInt slack = -sum.front();
  for (std::size_t j = 1; j < sum.size(); ++j) {
    const int value = assignment.value(static_cast<std::int32_t>(j - 1));
    if (value == 1 || (value < 0 && sum[j] > 0)) slack += sum[j];
  }
  return slack;
}

template <typename Integer>
bool always_holds(std::span<const Integer> sum, std::size_t fixed, int value) {
  Integer least = 0;
  for (std::size_t j = 1; j < sum.size(); ++j) {
    if (j == fixed ? value == 1 : sum[j] < 0) least += sum[j];
  }
  return least >= sum.front();
}

}  // namespace

void PbSum::clear(std::size_t num_variables) {
  big_.clear();
  small_.assign(num_variables + 1, 0);
  size_ = 0;
}

void PbSum::assign_combination(std::span<const Multiple> terms, std::size_t num_variables) {
  clear(num_variables);
  Int128 size = 0;
  for (const Multiple& term : terms) {
    if (!term.sum->is_small() || size > kMostSize) {
      size = kMostSize + 1;
      break;
    }
    size += term.sum->size_ * term.factor;
  }
  if (size > kMostSize) {
    for (const Multiple& term : terms) add_multiple(*term.sum, term.factor);
    return;
  }
  size_ = size;
  const auto add = sum_kernels().add_multiple;
  for (const Multiple& term : terms) {
    add(small_.data(), term.sum->small_.data(), term.factor, term.sum->small_.size());
  }
}

void PbSum::make_big() {
  if (!is_small()) return;
  big_.assign(small_.begin(), small_.end());
}

void PbSum::grow_to(Int128 size) {
  size_ = size;
  if (size > kMostSize) make_big();
}

void PbSum::recount() {
  if (is_small()) {
    size_ = 0;
    for (const std::int64_t a : small_) size_ += a < 0 ? -Int128{a} : Int128{a};
    return;
  }
  BigInt size = 0;
  for (const BigInt& a : big_) size += abs(a);
  if (size > BigInt(kMostSize)) return;
  for (std::size_t j = 0; j < big_.size(); ++j) small_[j] = static_cast<std::int64_t>(big_[j]);
  big_.clear();
  size_ = static_cast<Int128>(size);
}

void PbSum::add_term(std::int32_t variable, std::int64_t coefficient) {
  const auto j = static_cast<std::size_t>(variable) + 1;
  if (is_small()) grow_to(size_ + (coefficient < 0 ? -Int128{coefficient} : Int128{coefficient}));
  if (is_small()) {
    small_[j] += coefficient;
  } else {
    big_[j] += coefficient;
  }
}

void PbSum::add_literal(Literal literal) {
  add_term(literal.variable, literal.is_negated ? -1 : 1);
  if (literal.is_negated) add_to_right_side(-1);
}

void PbSum::add_to_right_side(std::int64_t value) {
  if (is_small()) grow_to(size_ + (value < 0 ? -Int128{value} : Int128{value}));
  if (is_small()) {
    small_.front() += value;
  } else {
    big_.front() += value;
  }
}

void PbSum::add_multiple(const PbSum& other, std::int64_t factor) {
  if (!other.is_small()) {
    make_big();
  } else if (is_small()) {
    grow_to(size_ + other.size_ * factor);
  }
  if (is_small()) {
    sum_kernels().add_multiple(small_.data(), other.small_.data(), factor, other.small_.size());
    return;
  }
  for (std::size_t j = 0; j < other.small_.size(); ++j) {
    if (other.is_small()) {
      big_[j] += BigInt(factor) * other.small_[j];
    } else {
      big_[j] += factor * other.big_[j];
    }
  }
}

void PbSum::multiply(std::int64_t factor) {
  if (is_small()) grow_to(size_ * factor);
  if (is_small()) {
    for (auto& a : small_) a *= factor;
  } else {
    for (auto& a : big_) a *= factor;
  }
}

void PbSum::divide(std::int64_t divisor) {
  if (is_small()) {
    divide_all(std::span(small_), divisor);
  } else {
    divide_all(std::span(big_), BigInt(divisor));
  }
  recount();
}

void PbSum::saturate() {
  if (is_small()) {
    saturate_all(std::span(small_));
  } else {
    saturate_all(std::span(big_));
  }
  recount();
}

void PbSum::weaken(std::int32_t variable) {
  if (!covers(variable)) return;
  const auto j = static_cast<std::size_t>(variable) + 1;
  if (is_small()) {
    if (small_[j] > 0) small_.front() -= small_[j];
    small_[j] = 0;
  } else {
    if (big_[j] > 0) big_.front() -= big_[j];
    big_[j] = 0;
  }
}

void PbSum::substitute(std::int32_t variable, int value) {
  const auto j = static_cast<std::size_t>(variable) + 1;
  if (is_small()) {
    if (value == 1) small_.front() -= small_[j];
    small_[j] = 0;
  } else {
    if (value == 1) big_.front() -= big_[j];
    big_[j] = 0;
  }
}

Standing PbSum::small_standing(const Assignment& assignment) const {
  return sum_kernels().standing(small_.data() + 1, assignment.may_be_one().data(),
                                assignment.is_one().data(), small_.size() - 1);
}

bool PbSum::propagate(Assignment& assignment, std::span<std::int32_t> scratch) const {
  if (is_small()) {
    const Standing standing = small_standing(assignment);
    const std::int64_t slack = standing.most - small_.front();
    if (slack < 0 || standing.largest_free <= slack) return slack >= 0;
    const std::size_t count =
        sum_kernels().collect(small_.data() + 1, assignment.may_be_one().data(),
                              assignment.is_one().data(), small_.size() - 1, slack, scratch.data());
    for (const std::int32_t variable : scratch.first(count)) {
      assignment.assign({variable, small_[static_cast<std::size_t>(variable) + 1] < 0});
    }
    return true;
  }
  const BigInt slack = slack_under(big_, assignment);
  for (std::size_t j = 1; j < big_.size() && slack >= 0; ++j) {
    const auto variable = static_cast<std::int32_t>(j - 1);
    if (abs(big_[j]) > slack && assignment.value(variable) < 0) {
      assignment.assign({variable, big_[j] < 0});
    }
  }
  return slack >= 0;
}

bool PbSum::is_violated(const Assignment& assignment) const {
  if (is_small()) return small_standing(assignment).most < small_.front();
  return slack_under(big_, assignment) < 0;
}

bool PbSum::gains_by_exchange(std::int32_t first, int first_value, std::int32_t second,
                              int second_value) const {
  const auto a = static_cast<std::size_t>(first) + 1;
  const auto b = static_cast<std::size_t>(second) + 1;
  const int change = second_value - first_value;  // of the first variable; the other's is opposite
  if (change == 0) return true;
  if (is_small()) return change > 0 ? small_[a] >= small_[b] : small_[a] <= small_[b];
  return change > 0 ? big_[a] >= big_[b] : big_[a] <= big_[b];
}

bool PbSum::has_equal_coefficients(std::int32_t first, std::int32_t second) const {
  const auto a = static_cast<std::size_t>(first) + 1;
  const auto b = static_cast<std::size_t>(second) + 1;
  return is_small() ? small_[a] == small_[b] : big_[a] == big_[b];
}

bool PbSum::holds_with(std::int32_t variable, int value) const {
  const auto j = static_cast<std::size_t>(variable) + 1;
  if (is_small()) return always_holds(std::span(small_), j, value);
  return always_holds(std::span(big_), j, value);
}

}  // namespace espalier::solver
