#pragma once

#include <cstdint>
#include <vector>

namespace espalier::solver {

/// Estimates from the root relaxation how many nodes the proof of an objective takes.
///
/// A solution at distance D below the bound deviates from the relaxation by items whose reduced
/// costs add up to at most D. The number of such sets of items is counted by dynamic programming
/// over rounded costs. The tree does not see all of them, the fewer the more rows there are: over
/// 118 problems of the Chu and Beasley classes with 5 and 10 rows, nodes of the whole search and
/// sets at the optimum are fitted by log2 nodes = 0.63 log2 sets + 7.9 - 4.1 sqrt(rows), standard
/// deviation 1 (a factor of two). Says nothing certain: only heuristics may depend on it.
class TreeSize {
 public:
  /// `reduced_costs` of all items and `bound` are those of the relaxation of `rows` rows.
  TreeSize(const std::vector<double>& reduced_costs, double bound, int rows);

  /// Nodes to prove that nothing better than `objective` exists; 0 where the bound proves it,
  /// infinity where the sets are beyond counting.
  double nodes(std::int64_t objective) const;

 private:
  std::vector<double> costs_;  // absolute values, rising
  double bound_;
  double exponent_;  // of two, per row
};

}  // namespace espalier::solver
