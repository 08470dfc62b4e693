#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "model/core_problem.hpp"

namespace espalier::solver {

/// An item that may take another value than a given point has it at.
struct Deviator {
  std::int32_t item = 0;
  std::int32_t sign = 0;  ///< +1 it enters, -1 it leaves
  double price = 0.0;     ///< what sets are ranked by
  double cost = 0.0;      ///< by how much the bound falls, at most the price
};

/// Sets of deviations from a point: those whose prices add up to no more than a limit.
///
/// Set 0 is empty; every other one adds a deviator to an earlier one, its parent.
class DeviationList {
 public:
  struct Set {
    std::int64_t profit = 0;  ///< change of the objective
    double key = 0.0;         ///< change of the load of all rows, each priced by its dual
    double part = 0.0;        ///< the same of every other row
    double price = 0.0;
    double cost = 0.0;
    std::int32_t parent = -1;
    std::int32_t last = -1;  ///< index of the deviator added
    std::int32_t count = 0;  ///< change of the number of chosen items
  };

  /// Lists the sets of `deviators`, which are sorted by rising price, that cost at most `limit`,
  /// but no more than `most` of them.
  void enumerate(const CoreProblem& core, std::span<const double> duals,
                 std::span<const Deviator> deviators, double limit, std::size_t most);

  std::size_t size() const noexcept { return sets_.size(); }
  const Set& operator[](std::size_t k) const noexcept { return sets_[k]; }
  /// Change of the load of every row.
  const float* loads_of(std::size_t k) const noexcept { return loads_.data() + k * rows_; }
  const Deviator& deviator(std::int32_t index) const noexcept {
    return deviators_[static_cast<std::size_t>(index)];
  }

  /// Fetches a set into the cache.
  void prefetch(std::size_t k) const noexcept {
    __builtin_prefetch(&sets_[k]);
    __builtin_prefetch(loads_of(k));
  }

  static std::size_t bytes_per_set(int rows) noexcept {
    return sizeof(Set) + static_cast<std::size_t>(rows) * sizeof(float);
  }
  /// Memory in use.
  std::size_t bytes() const noexcept {
    return sets_.capacity() * sizeof(Set) + loads_.capacity() * sizeof(float);
  }

 private:
  std::size_t rows_ = 0;
  std::vector<Deviator> deviators_;
  std::vector<Set> sets_;
  std::vector<float> loads_;
  std::vector<float> changes_;  // of each deviator, its loads
  std::vector<Set> steps_;      // of each deviator alone
};

}  // namespace espalier::solver
