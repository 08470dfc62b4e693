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
/// that its partner puts on every other row lies in a window as narrow as what is left of the
/// distance to the bound, and so does what it puts on the rest of the rows. The second list is
/// sorted into a grid of the two, one for every count; what is left in the windows is compared row
/// by row, a vector at a time.
class PairJoin {
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
    return 3 * sizeof(std::uint32_t) + static_cast<std::size_t>(rows + 1) * sizeof(float);
  }
  /// Memory in use.
  std::size_t bytes() const noexcept {
    return (cells_.capacity() + starts_.capacity() + order_.capacity()) * sizeof(std::uint32_t) +
           block_capacity_ * sizeof(float);
  }

  /// What all runs have cost, in about nanoseconds.
  double effort() const noexcept { return effort_; }

 private:
  /// Of a distribution of numbers.
  struct Moments {
    double size = 0.0;
    double sum = 0.0;
    double squares = 0.0;

    void add(double number) {
      size += 1.0;
      sum += number;
      squares += number * number;
    }
    double mean() const { return sum / size; }
    double deviation() const;
  };
  /// Numbers of a distribution, in cells of equal width but for the outermost.
  struct Axis {
    double least = 0.0;
    double cells_per_unit = 0.0;
    int cells = 1;

    Axis() = default;
    Axis(const Moments& moments, double wanted_cells, double least_width);
    int cell_of(double number) const;
  };
  /// The grid that the sets of one count are sorted into.
  struct Grid {
    Axis part;
    Axis rest;
    std::size_t first_cell = 0;

    std::size_t row_of(int part_cell) const {
      return first_cell +
             static_cast<std::size_t>(part_cell) * static_cast<std::size_t>(rest.cells);
    }
  };
  /// Places in the second list's order where partners of a set of the first one may be.
  struct Range {
    std::uint32_t set;
    std::uint32_t begin;
    std::uint32_t end;
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
    std::int64_t ranges_seen = 0;
    std::int64_t blocks_seen = 0;
    std::int64_t pairs_found = 0;
  };

  void choose_grids(const DeviationList& list, bool has_counts, double distance);
  const Grid* grid_of(std::int64_t count) const;
  void order(const DeviationList& list, bool has_counts);
  void fill_blocks(const DeviationList& second, std::size_t rows);
  void add_ranges(const Search& search, const DeviationList::Set& set, std::size_t index);
  void scan(Search& search, const Range& range, const Found& found);

  const PairScan& scan_ = pair_scan();

  std::int64_t least_count_ = 0;
  std::vector<Grid> grids_;            // by count
  std::size_t num_cells_ = 0;          // of all grids
  std::vector<std::uint32_t> cells_;   // of every set of the second list
  std::vector<std::uint32_t> starts_;  // of every cell in the order, and the end
  std::vector<std::uint32_t> order_;   // the sets of the second list, cell by cell
  AlignedArray<float> blocks_;         // their numbers in this order
  std::size_t block_capacity_ = 0;
  std::vector<Range> ranges_;
  double effort_ = 0.0;
};

}  // namespace espalier::solver
