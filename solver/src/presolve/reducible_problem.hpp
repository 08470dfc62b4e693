#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "espalier/solver/problem.hpp"

#include "presolve/presolve.hpp"

namespace espalier::solver {

/// A problem while presolve makes it smaller: the original indices, with flags for what is left.
///
/// Every change goes through the members that keep the way back: decide() records what an item
/// became, close_row() that a row can never be violated again.
class ReducibleProblem {
 public:
  /// Starts from `problem` with covering items complemented: from here on all weights are >= 0.
  explicit ReducibleProblem(const Problem& problem);

  int num_items() const noexcept { return static_cast<int>(profits_.size()); }
  int num_rows() const noexcept { return static_cast<int>(capacities_.size()); }
  bool is_item_open(int j) const { return item_is_open_[static_cast<std::size_t>(j)] != 0; }
  bool is_row_open(int i) const { return row_is_open_[static_cast<std::size_t>(i)] != 0; }
  std::int64_t profit(int j) const { return profits_[static_cast<std::size_t>(j)]; }
  std::int64_t capacity(int i) const { return capacities_[static_cast<std::size_t>(i)]; }
  std::int64_t& capacity(int i) { return capacities_[static_cast<std::size_t>(i)]; }
  std::int64_t weight(int i, int j) const { return weights_[at(i, j)]; }
  std::int64_t& weight(int i, int j) { return weights_[at(i, j)]; }

  std::vector<int> open_items() const;
  std::vector<int> open_rows() const;
  /// Sum of the weights of the open items.
  std::int64_t total_weight(int i) const;
  bool has_negative_capacity() const;

  /// Decides an open item; taking it uses its capacity.
  void decide(int j, bool take);
  void close_row(int i);

  /// What is left, as a core problem; `divide_profits` takes out their greatest common divisor.
  PresolvedProblem finish(bool divide_profits) &&;

 private:
  std::size_t at(int i, int j) const {
    return static_cast<std::size_t>(i) * profits_.size() + static_cast<std::size_t>(j);
  }
  void complement_covering_items();

  std::vector<std::int64_t> profits_;
  std::vector<std::int64_t> weights_;
  std::vector<std::int64_t> capacities_;
  std::vector<std::uint8_t> item_is_open_;
  std::vector<std::uint8_t> row_is_open_;
  PresolvedProblem result_;
};

// The reductions. Each returns whether it changed anything; none removes all optimal solutions.

/// Items without profit stay out, items that fit in no solution too, items without weight come in.
bool fix_trivial_items(ReducibleProblem& problem);
/// Rows that no selection violates go, and rows that another row implies.
bool drop_rows(ReducibleProblem& problem);
/// Capacities shrink to what the weights can add up to: multiples of their greatest common divisor,
/// reachable subset sums. Weights and capacity shrink together where an item always leaves room.
bool tighten_rows(ReducibleProblem& problem);
/// Items that are at most as good as others in every respect stay out when those fill the rows;
/// items that are better than all that could take their room come in.
bool fix_dominated_items(ReducibleProblem& problem);

}  // namespace espalier::solver
