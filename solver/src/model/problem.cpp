#include "espalier/solver/problem.hpp"

#include <string>

#include "espalier/support/error.hpp"
#include "espalier/support/exact.hpp"

namespace espalier::solver {
namespace {

/// |value|, refused for the one value whose magnitude does not fit.
std::int64_t magnitude(std::int64_t value, const std::string& what) {
  if (value == kInt64Min) {
    throw Error(what + " is " + std::to_string(value) + "; expected a magnitude below 2^63");
  }
  return value < 0 ? -value : value;
}

void add_magnitude(std::int64_t& total, std::int64_t value, const std::string& what) {
  const auto sum = checked_add(total, magnitude(value, what));
  if (!sum) throw Error("magnitudes up to " + what + " sum to 2^63 or more; expected less");
  total = *sum;
}

}  // namespace

Problem::Problem(std::vector<std::int64_t> profits, std::vector<std::int64_t> weights,
                 std::vector<std::int64_t> capacities)
    : profits_(std::move(profits)),
      weights_(std::move(weights)),
      capacities_(std::move(capacities)) {
  if (profits_.empty()) throw Error("the problem has no items; expected at least one");
  if (capacities_.empty()) throw Error("the problem has no rows; expected at least one");
  if (profits_.size() >= std::size_t{1} << 31) throw Error("the problem has 2^31 items or more");
  if (weights_.size() != profits_.size() * capacities_.size()) {
    throw Error("found " + std::to_string(weights_.size()) + " weights; expected rows * items = " +
                std::to_string(capacities_.size() * profits_.size()));
  }

  std::int64_t total = 0;
  for (std::size_t j = 0; j < profits_.size(); ++j) {
    const std::int64_t p = profits_[j];
    if (p >= 0 && p <= kInt64Max - total) {  // the common case builds no text
      total += p;
    } else {
      add_magnitude(total, p, "profit of item " + std::to_string(j));
    }
  }
  const int m = num_rows();
  const int n = num_items();
  bool has_negative = false;
  for (int i = 0; i < m; ++i) {
    const std::string in_row = " in row " + std::to_string(i);
    total = 0;
    add_magnitude(total, capacities_[static_cast<std::size_t>(i)], "the capacity" + in_row);
    for (int j = 0; j < n; ++j) {
      const std::int64_t a = weight(i, j);
      if (a >= 0 && a <= kInt64Max - total) {
        total += a;
      } else {
        has_negative |= a < 0;
        add_magnitude(total, a, "weight of item " + std::to_string(j) + in_row);
      }
    }
  }
  if (!has_negative) return;
  std::vector<signed char> sign(profits_.size(), 0);
  for (int i = 0; i < m; ++i) {
    for (int j = 0; j < n; ++j) {
      const std::int64_t a = weight(i, j);
      if (a == 0) continue;
      auto& known = sign[static_cast<std::size_t>(j)];
      const signed char here = a > 0 ? 1 : -1;
      if (known == -here) {
        throw Error("item " + std::to_string(j) + " has weights of both signs (row " +
                    std::to_string(i) + "); expected all >= 0 or all <= 0");
      }
      known = here;
    }
  }
}

std::int64_t objective_of(const Problem& problem, std::span<const std::int32_t> selected) noexcept {
  std::int64_t sum = 0;
  for (const std::int32_t j : selected) sum += problem.profits()[static_cast<std::size_t>(j)];
  return sum;
}

bool is_feasible(const Problem& problem, std::span<const std::int32_t> selected) {
  for (int i = 0; i < problem.num_rows(); ++i) {
    const auto row = problem.row(i);
    std::int64_t load = 0;
    for (const std::int32_t j : selected) load += row[static_cast<std::size_t>(j)];
    if (load > problem.capacities()[static_cast<std::size_t>(i)]) return false;
  }
  return true;
}

}  // namespace espalier::solver
