#pragma once

#include <cstdint>
#include <memory>
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

  /// Does `splits` rounds at once, each on a thread of its own. The first call solves a relaxation
  /// per point as well.
  void run(int splits = 1);
  /// Frees what rounds at once need.
  void free_memory();

  /// What the calls of run() have spent, in nodes of the tree search.
  std::int64_t effort() const noexcept { return static_cast<std::int64_t>(effort_); }
  /// What the next call is expected to cost, for as many rounds as the last one.
  std::int64_t next_effort() const noexcept { return static_cast<std::int64_t>(next_effort_); }

  /// Part of the distance to the bound that the sets of a half may cost in the next round. The
  /// optimum was mostly found at 0.25 to 0.45 (bench/README.md). Not while run() is at work.
  double covered() const noexcept { return share_; }

 private:
  /// A relaxation's point, rounded.
  struct Point {
    PairGoal goal;
    std::vector<double> duals;
    std::vector<Deviator> movers;  // nonbasic items by rising cost; price is the cost
    std::vector<Deviator> basics;  // rounded; price is how far from it the relaxation is decided
    std::vector<std::int32_t> chosen;  // items at 1
  };

  /// What a round works on.
  struct Lane {
    explicit Lane(std::uint64_t seed) : random(seed) {}

    Random random;
    std::vector<Deviator> first_half;
    std::vector<Deviator> second_half;
    DeviationList first;
    DeviationList second;
    PairJoin join;
    double effort = 0.0;
    std::size_t listed = 0;  // sets in the first lists of the round
    std::int64_t reported_bytes = 0;
  };

  void make_points(const RootRelaxation& root);
  Point rounded(const NodeRelaxation& relaxation, const RootSubproblem& part) const;
  void search(const Point& point, Lane& lane);
  void split(const Point& point, double distance, Lane& lane) const;
  std::int64_t offer(const Point& point, const Lane& lane, std::size_t first, std::size_t second);

  const RootRelaxation* root_;
  const LpModel& model_;
  const CoreProblem& core_;
  const GapRule& gap_;
  Incumbent& incumbent_;
  Limits& limits_;
  std::uint64_t seed_;  // of the next lane
  std::vector<Point> points_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  double most_sets_;  // that the lists of all lanes may hold
  double size_;       // sets wanted in the first lists of a round
  double share_;      // of the distance to the bound that a half may cost
  double nanoseconds_per_node_;
  double effort_ = 0.0;
  double next_effort_ = 0.0;
};

}  // namespace espalier::solver
