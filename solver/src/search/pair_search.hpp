#pragma once

#include <cstdint>
#include <vector>

#include "espalier/support/random.hpp"

#include "heuristics/deviation_list.hpp"
#include "heuristics/pair_join.hpp"
#include "search/root.hpp"
#include "search/search_context.hpp"
#include "search/tree_search.hpp"

namespace espalier::solver {

/// Looks for the optimum among pairs of cheap deviations from the relaxation.
///
/// A good solution differs from the rounded relaxation in a few items of small reduced cost. Each
/// round splits the items at random into two halves, lists the cheapest sets of deviations within
/// either half, and joins the lists: as many pairs as the product of their lengths are searched at
/// about the cost of their sum, in the manner of Horowitz and Sahni (1974). A solution is found
/// when either half of its deviations is listed; other splits give it other chances, and the lists
/// grow from round to round. There is a point for every number of chosen items that the bound
/// admits, as its relaxation is tighter. Finds solutions, never bounds.
class PairSearch {
 public:
  PairSearch(const SearchSetting& setting, const RootRelaxation& root, std::uint64_t seed);

  /// Does one round. The first one solves a relaxation per point as well.
  void run();

  /// What the calls of run() have spent, in nodes of the tree search.
  std::int64_t effort() const noexcept { return static_cast<std::int64_t>(effort_); }
  /// What the next round is expected to cost.
  std::int64_t next_effort() const noexcept { return static_cast<std::int64_t>(next_effort_); }

 private:
  /// A relaxation's point, rounded.
  struct Point {
    PairGoal goal;
    std::vector<double> duals;
    std::vector<Deviator> movers;  // nonbasic items by rising cost; price is the cost
    std::vector<Deviator> basics;  // rounded; price is how far from it the relaxation is decided
    std::vector<std::int32_t> chosen;  // items at 1
  };

  void make_points(const RootRelaxation& root);
  Point rounded(const NodeRelaxation& relaxation, const RootSubproblem& part) const;
  std::size_t search(const Point& point);
  void split(const Point& point, double distance);
  std::int64_t offer(const Point& point, std::size_t first, std::size_t second);

  const RootRelaxation* root_;
  const LpModel& model_;
  const CoreProblem& core_;
  const GapRule& gap_;
  Incumbent& incumbent_;
  Limits& limits_;
  Random random_;
  std::vector<Point> points_;
  std::vector<Deviator> first_half_;
  std::vector<Deviator> second_half_;
  DeviationList first_;
  DeviationList second_;
  PairJoin join_;
  double most_sets_;  // that a list may hold
  double size_;       // sets wanted in the first lists of a round
  double share_;      // of the distance to the bound that a half may cost
  double nanoseconds_per_node_;
  double effort_ = 0.0;
  double next_effort_ = 0.0;
  std::int64_t reported_bytes_ = 0;
};

}  // namespace espalier::solver
