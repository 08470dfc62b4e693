#include "check/pb_sum.hpp"

#include <algorithm>

namespace espalier::solver {
namespace {

/// Sums of magnitudes up to this cannot overflow, degree and slack included.
constexpr Int128 kMostSize = Int128{1} << 61;

template <typename Integer>
void divide_all(std::span<Integer> sum, const Integer& divisor) {
  Integer& right = sum.back();
  const auto terms = sum.first(sum.size() - 1);
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
  Integer& right = sum.back();
  const auto terms = sum.first(sum.size() - 1);
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

template <typename Integer>
bool is_violated_sum(std::span<const Integer> sum, std::span<const std::int8_t> values,
                     std::span<const std::int32_t> assigned) {
  Integer most = 0;
  for (const Integer& a : sum.first(sum.size() - 1)) most += a > 0 ? a : Integer(0);
  for (const std::int32_t variable : assigned) {
    const auto j = static_cast<std::size_t>(variable);
    if ((sum[j] > 0) != (values[j] == 1)) most -= sum[j] > 0 ? sum[j] : Integer(-sum[j]);
  }
  return most < sum.back();
}

}  // namespace

void PbSum::clear() {
  big_.clear();
  std::fill(small_.begin(), small_.end(), 0);
  size_ = 0;
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
  const auto j = static_cast<std::size_t>(variable);
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
    small_.back() += value;
  } else {
    big_.back() += value;
  }
}

void PbSum::add_multiple(const PbSum& other, std::int64_t factor) {
  if (!other.is_small()) {
    make_big();
  } else if (is_small()) {
    grow_to(size_ + other.size_ * factor);
  }
  if (is_small()) {
    for (std::size_t j = 0; j < small_.size(); ++j) small_[j] += factor * other.small_[j];
    return;
  }
  for (std::size_t j = 0; j < big_.size(); ++j) {
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
  const auto j = static_cast<std::size_t>(variable);
  if (is_small()) {
    if (small_[j] > 0) small_.back() -= small_[j];
    small_[j] = 0;
  } else {
    if (big_[j] > 0) big_.back() -= big_[j];
    big_[j] = 0;
  }
}

bool PbSum::is_violated(std::span<const std::int8_t> values,
                        std::span<const std::int32_t> assigned) const {
  if (is_small()) return is_violated_sum(std::span(small_), values, assigned);
  return is_violated_sum(std::span(big_), values, assigned);
}

bool PbSum::gains_by_exchange(std::int32_t first, int first_value, std::int32_t second,
                              int second_value) const {
  const auto a = static_cast<std::size_t>(first);
  const auto b = static_cast<std::size_t>(second);
  const int change = second_value - first_value;  // of the first variable; the other's is opposite
  if (change == 0) return true;
  if (is_small()) return change > 0 ? small_[a] >= small_[b] : small_[a] <= small_[b];
  return change > 0 ? big_[a] >= big_[b] : big_[a] <= big_[b];
}

bool PbSum::has_equal_coefficients(std::int32_t first, std::int32_t second) const {
  const auto a = static_cast<std::size_t>(first);
  const auto b = static_cast<std::size_t>(second);
  return is_small() ? small_[a] == small_[b] : big_[a] == big_[b];
}

}  // namespace espalier::solver
