#pragma once

#include <cstdint>
#include <vector>

#include "espalier/solver/result.hpp"
#include "espalier/support/random.hpp"

#include "search/root.hpp"
#include "search/search_context.hpp"
#include "search/tree_search.hpp"
#include "search/worker.hpp"

namespace espalier::solver {

/// Improves on several solutions in turn: frees a few dozen items, keeps the others as the solution
/// has them, and searches that part of the problem depth-first for something better.
///
/// Which items are free is drawn at random, those of small reduced cost and those that the solution
/// has against their reduced cost more often (large neighbourhood search, Shaw 1998, around the
/// core of Balas and Zemel 1980); every other time, those in which another of the solutions differs
/// are free as well (Rothberg 2007). The number of free items adapts so that most parts are
/// searched to the end. Finds solutions, never bounds.
class NeighbourhoodSearch {
 public:
  NeighbourhoodSearch(const SearchSetting& setting, const RootRelaxation& root, std::uint64_t seed);

  /// Spends about `max_nodes` nodes; improvements go to the incumbent of the setting. Returns
  /// whether there were any.
  bool run(std::int64_t max_nodes);

  /// What the calls of run() have spent, in nodes.
  std::int64_t effort() const noexcept { return effort_; }

  const Statistics& statistics() const noexcept { return worker_.statistics(); }

 private:
  struct Solution {
    std::int64_t objective = -1;
    std::vector<std::int32_t> items;
    std::vector<std::uint8_t> is_taken;  // per item
  };

  bool search_once(std::int64_t max_nodes);
  RootSubproblem neighbourhood_of(const Solution& solution, const Solution* other);
  void take_best_known();
  std::vector<std::int32_t> fresh_solution();
  void adopt(Solution& solution, std::vector<std::int32_t> items) const;

  Incumbent& incumbent_;  // of the whole solve
  GapRule no_gap_;        // any improvement will do
  Incumbent best_here_;   // of the present neighbourhood
  SearchContext context_;
  Worker worker_;
  Random random_;
  double bound_;
  std::vector<double> reduced_costs_;
  double cost_scale_ = 1.0;
  std::vector<Solution> solutions_;
  std::vector<double> ranks_;        // scratch, per item
  std::vector<std::int32_t> order_;  // all items
  std::int64_t effort_ = 0;          // nodes, and something for every neighbourhood
  double size_;                      // free items
};

}  // namespace espalier::solver
