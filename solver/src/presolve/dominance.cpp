#include <algorithm>
#include <cstdint>
#include <vector>

#include "presolve/reducible_problem.hpp"

namespace espalier::solver {
namespace {

// Item j dominates item k when it brings at least as much and weighs at most as much in every row.
// Any solution with k and without j can exchange them, so some optimal solution respects x_k <= x_j
// for all such pairs at once (equal items in the order of their indices, which keeps the relation
// free of cycles). Two consequences decide items:
//
//   - k stays out if k and all its dominators together do not fit;
//   - j comes in if j still fits when everything but j and the items it dominates is chosen.
//
// Both keep every solution that respects the order, so they may be applied one after the other on
// the same relation.

/// Comparing all pairs is quadratic; beyond this it costs more than it brings.
constexpr std::size_t kMostItems = 1500;

class Dominance {
 public:
  explicit Dominance(ReducibleProblem& problem)
      : problem_(problem), items_(problem.open_items()), rows_(problem.open_rows()) {}

  bool run() {
    if (items_.size() > kMostItems) return false;
    bool changed = false;
    for (const int k : items_) changed |= keep_out_if_dominators_fill_a_row(k);
    for (const int j : items_) changed |= take_if_there_is_always_room(j);
    return changed;
  }

 private:
  bool dominates(int j, int k) const {
    if (j == k || problem_.profit(j) < problem_.profit(k)) return false;
    bool is_better = problem_.profit(j) > problem_.profit(k);
    for (const int i : rows_) {
      const std::int64_t difference = problem_.weight(i, k) - problem_.weight(i, j);
      if (difference < 0) return false;
      is_better |= difference > 0;
    }
    return is_better || j < k;
  }

  bool keep_out_if_dominators_fill_a_row(int k) {
    std::vector<std::int64_t> load;
    for (const int i : rows_) load.push_back(problem_.weight(i, k));
    for (const int j : items_) {
      if (!problem_.is_item_open(j) || !dominates(j, k)) continue;
      for (std::size_t r = 0; r < rows_.size(); ++r) {
        load[r] += problem_.weight(rows_[r], j);
        if (load[r] > problem_.capacity(rows_[r])) {
          problem_.decide(k, false);
          return true;
        }
      }
    }
    return false;
  }

  bool take_if_there_is_always_room(int j) {
    if (!problem_.is_item_open(j)) return false;
    std::vector<std::int64_t> load;
    for (const int i : rows_) load.push_back(problem_.total_weight(i));
    for (const int k : items_) {
      if (!problem_.is_item_open(k) || !dominates(j, k)) continue;
      for (std::size_t r = 0; r < rows_.size(); ++r) load[r] -= problem_.weight(rows_[r], k);
    }
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      if (load[r] > problem_.capacity(rows_[r])) return false;
    }
    problem_.decide(j, true);
    return true;
  }

  ReducibleProblem& problem_;
  std::vector<int> items_;
  std::vector<int> rows_;
};

}  // namespace

bool fix_dominated_items(ReducibleProblem& problem) { return Dominance(problem).run(); }

}  // namespace espalier::solver
