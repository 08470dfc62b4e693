#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace espalier::solver {

/// A 0-1 multidimensional knapsack problem in 64-bit integers, immutable once built.
///
///     maximise p.x  subject to  sum_j weight(i, j) x_j <= capacity(i) for every row i,  x in
///     {0,1}^n
///
/// Invariants, established by the constructor and relied on by every kernel:
///   1. n >= 1 and m >= 1; every row has n weights.
///   2. For every row, |capacity| + sum of |weights| fits in 63 bits; likewise the sum of
///   |profits|.
///   3. In every column the weights are all >= 0 or all <= 0 (a column of the second kind is a
///      covering item; presolve replaces it by its complement). Mixed columns are refused: they do
///      not make a knapsack problem.
/// Profits and capacities may be negative. Cheap to share by reference, safe to read from any
/// thread.
class Problem {
 public:
  /// `weights` holds the rows one after the other, m * n values. Throws Error that names the item
  /// and the row (0-based) when an invariant does not hold.
  Problem(std::vector<std::int64_t> profits, std::vector<std::int64_t> weights,
          std::vector<std::int64_t> capacities);

  int num_items() const noexcept { return static_cast<int>(profits_.size()); }
  int num_rows() const noexcept { return static_cast<int>(capacities_.size()); }

  std::span<const std::int64_t> profits() const noexcept { return profits_; }
  std::span<const std::int64_t> capacities() const noexcept { return capacities_; }
  /// The n weights of row i.
  std::span<const std::int64_t> row(int i) const noexcept {
    return std::span(weights_).subspan(static_cast<std::size_t>(i) * profits_.size(),
                                       profits_.size());
  }
  std::int64_t weight(int i, int j) const noexcept {
    return weights_[static_cast<std::size_t>(i) * profits_.size() + static_cast<std::size_t>(j)];
  }

 private:
  std::vector<std::int64_t> profits_;
  std::vector<std::int64_t> weights_;
  std::vector<std::int64_t> capacities_;
};

/// Total profit of a selection of distinct 0-based items; exact, by invariant 2.
std::int64_t objective_of(const Problem& problem, std::span<const std::int32_t> selected) noexcept;

/// Whether the selection of distinct items satisfies every row.
bool is_feasible(const Problem& problem, std::span<const std::int32_t> selected);

}  // namespace espalier::solver
