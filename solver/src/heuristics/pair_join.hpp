#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "heuristics/deviation_list.hpp"
#include "heuristics/pair_scan.hpp"
#include "model/aligned.hpp"

namespace espalier::solver {

/// What two sets of deviations must make up together.
struct PairGoal {
  double bound = 0.0;                 ///< of the point that the sets deviate from
  std::int64_t profit = 0;            ///< of that point
  std::vector<std::int64_t> room;     ///< what it leaves of every row, perhaps less than 0
  double key_room = 0.0;              ///< the same, priced as DeviationList::Set::key
  double part_room = 0.0;             ///< and as DeviationList::Set::part
  std::optional<std::int64_t> count;  ///< number of items to add, where that is fixed
};

/// Finds the pairs of sets, one from either list, that together fit into all rows and reach an
/// objective.
///
/// With multipliers y, a pair's objective is the bound of the point, less the costs of both sets,
/// less what the rows are not filled, priced by y. So for a set of the first list, the priced load
/// of its partner lies in a window as narrow as what is left of the distance to the bound: the
/// second list is sorted by it, in groups of equal count and of similar load in every
/// other row. What is left in the windows is compared row by row, a vector at a time.
class PairJoin {
  /// A set in the order that its list is searched in.
  struct Place {
    std::uint32_t group = 0;
    std::int32_t set = 0;
    double key = 0.0;
  };

 public:
  /// Called with a pair that seems to do, perhaps twice; whether it does has to be verified.
  /// Returns the objective that pairs must have from then on.
  using Found = std::function<std::int64_t(std::size_t first, std::size_t second)>;
  /// Asked now and then whether to stop.
  using IsStopped = std::function<bool()>;

  /// Joins `first` and `second` for an objective of `threshold` or more.
  void run(const CoreProblem& core, const PairGoal& goal, const DeviationList& first,
           const DeviationList& second, std::int64_t threshold, const Found& found,
           const IsStopped& is_stopped);

  /// Memory for lists of equal length, per set of one list.
  static std::size_t bytes_per_set(int rows) noexcept {
    return 3 * sizeof(Place) + sizeof(double) + static_cast<std::size_t>(rows + 1) * sizeof(float);
  }
  /// Memory in use.
  std::size_t bytes() const noexcept {
    return (first_.places.capacity() + second_.places.capacity() + scratch_.capacity()) *
               sizeof(Place) +
           keys_.capacity() * sizeof(double) + block_capacity_ * sizeof(float);
  }

  /// What all runs have cost, in about nanoseconds.
  double effort() const noexcept { return effort_; }

 private:
  /// How the sets of a list are grouped: by count, then by part.
  struct Grouping {
    std::int64_t least_count = 0;
    int counts = 1;
    double least_part = 0.0;
    double cell_width = 1.0;
    int cells = 1;

    std::size_t num_groups() const {
      return static_cast<std::size_t>(counts) * static_cast<std::size_t>(cells);
    }
    std::size_t group(std::int64_t count_index, int cell) const {
      return static_cast<std::size_t>(count_index * cells + cell);
    }
    int cell_of(double part) const;
  };
  /// A list in its order.
  struct OrderedList {
    Grouping grouping;
    std::vector<std::size_t> starts;  // of every group, and the end
    std::vector<Place> places;
  };

  /// A join in progress.
  struct Search {
    Search(const CoreProblem& core, const PairGoal& joint_goal, const DeviationList& second,
           std::int64_t least_objective);

    double distance() const { return goal.bound - static_cast<double>(threshold); }
    /// Goes on to the next set of the first list.
    void take_up(const DeviationList::Set& next, const float* loads);
    void limit_profit();

    const PairGoal& goal;
    std::int64_t threshold;
    const DeviationList::Set* set = nullptr;
    std::vector<float> rooms;   // of the rows, and something for rounding
    std::vector<float> limits;  // of the partner: negative profit, then loads
    double tolerance = 0.0;     // of priced loads
    double profit_tolerance = 0.0;
    std::int64_t groups_seen = 0;
    std::int64_t blocks_seen = 0;
    std::int64_t pairs_found = 0;
  };

  void order(const DeviationList& list, bool has_counts, double distance, OrderedList& ordered);
  void fill_blocks(const DeviationList& second, std::size_t rows);
  void join_one(Search& search, std::size_t first, const Found& found);
  void scan(Search& search, std::size_t first, std::ptrdiff_t begin, std::ptrdiff_t end,
            const Found& found);

  const PairScan& scan_ = pair_scan();

  OrderedList first_;
  OrderedList second_;
  std::vector<Place> scratch_;
  std::vector<double> keys_;  // of the second list in its order
  AlignedArray<float> blocks_;
  std::size_t block_capacity_ = 0;
  double effort_ = 0.0;
};

}  // namespace espalier::solver
