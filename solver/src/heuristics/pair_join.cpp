#include "heuristics/pair_join.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace espalier::solver {
namespace {

constexpr std::size_t kLanes = kPairLanes;
/// Cells hold so many sets in the mean, and those in the middle several times as many.
constexpr double kSetsPerCell = 4.0;
/// Least width of a cell, as a part of the distance to the bound.
constexpr double kLeastWidth = 0.1;
/// Cells cover so many standard deviations to either side of the mean.
constexpr double kDeviations = 2.0;
/// Rounding of the numbers in single precision that compare the rows, relative to capacities.
constexpr double kFloatRounding = 0x1p-21;
/// Effort in nanoseconds: to sort a set in, to find the ranges of one, to look into a range, to
/// compare a block in one row (of which two have to be looked at on average, and one more for the
/// objective), to verify a pair.
constexpr double kOrderEffort = 30.0;
constexpr double kSetEffort = 15.0;
constexpr double kRangeEffort = 8.0;
constexpr double kBlockEffort = 4.0;
constexpr double kVerifyEffort = 300.0;
/// Sets are fetched into the cache so many ahead.
constexpr std::size_t kPrefetch = 16;
/// So many sets of the first list are looked up in the grid before their ranges are searched, which
/// are fetched into the cache meanwhile; and between two looks at the clock.
constexpr std::size_t kBatch = 16;
constexpr std::size_t kPollInterval = 4096;

}  // namespace

double PairJoin::Moments::deviation() const {
  return std::sqrt(std::max(squares / size - mean() * mean(), 0.0));
}

PairJoin::Axis::Axis(const Moments& moments, double wanted_cells, double least_width) {
  const double width = 2.0 * kDeviations * moments.deviation();
  // Rounding of the moments must not pass for a spread.
  if (width < 1e-6 * std::abs(moments.mean()) || width < least_width) return;
  least = moments.mean() - 0.5 * width;
  cells = static_cast<int>(std::clamp(std::min(wanted_cells, width / least_width), 1.0, 4096.0));
  cells_per_unit = cells / width;
}

int PairJoin::Axis::cell_of(double number) const {
  const double cell = (number - least) * cells_per_unit;
  return static_cast<int>(std::clamp(cell, 0.0, static_cast<double>(cells - 1)));
}

/// Chooses a grid for each count of the second list.
void PairJoin::choose_grids(const DeviationList& list, bool has_counts, double distance) {
  std::int32_t most_count = 0;
  least_count_ = 0;
  for (std::size_t k = 0; has_counts && k < list.size(); ++k) {
    least_count_ = std::min<std::int64_t>(least_count_, list[k].count);
    most_count = std::max(most_count, list[k].count);
  }
  std::vector<std::pair<Moments, Moments>> moments(
      static_cast<std::size_t>(most_count - least_count_ + 1));
  for (std::size_t k = 0; k < list.size(); ++k) {
    const DeviationList::Set& set = list[k];
    auto& [part, rest] =
        moments[static_cast<std::size_t>(has_counts ? set.count - least_count_ : 0)];
    part.add(set.part);
    rest.add(set.key - set.part);
  }
  grids_.clear();
  num_cells_ = 0;
  const double least_width = std::max(kLeastWidth * distance, 1e-300);
  for (const auto& [part, rest] : moments) {
    Grid grid;
    grid.first_cell = num_cells_;
    if (part.size > 0.0) {
      const double cells = part.size / kSetsPerCell;
      grid.part = Axis(part, std::sqrt(cells), least_width);
      grid.rest = Axis(rest, cells / grid.part.cells, least_width);
    }
    num_cells_ = grid.row_of(grid.part.cells);
    grids_.push_back(grid);
  }
}

/// The grid of the sets of a count, if there are any.
const PairJoin::Grid* PairJoin::grid_of(std::int64_t count) const {
  const std::int64_t index = count - least_count_;
  if (index < 0 || index >= static_cast<std::int64_t>(grids_.size())) return nullptr;
  return &grids_[static_cast<std::size_t>(index)];
}

/// Sorts the second list into the cells of the grids.
void PairJoin::order(const DeviationList& list, bool has_counts) {
  starts_.assign(num_cells_ + 1, 0);
  cells_.resize(list.size());
  for (std::size_t k = 0; k < list.size(); ++k) {
    const DeviationList::Set& set = list[k];
    const Grid& grid = *grid_of(has_counts ? set.count : 0);
    const auto cell = static_cast<std::uint32_t>(grid.row_of(grid.part.cell_of(set.part))) +
                      static_cast<std::uint32_t>(grid.rest.cell_of(set.key - set.part));
    cells_[k] = cell;
    ++starts_[cell];
  }
  std::uint32_t end = 0;
  for (std::uint32_t& start : starts_) end = start += end;
  order_.resize(list.size());
  for (std::size_t k = list.size(); k-- > 0;) {
    order_[--starts_[cells_[k]]] = static_cast<std::uint32_t>(k);
  }
}

void PairJoin::fill_blocks(const DeviationList& second, std::size_t rows) {
  const std::size_t width = rows + 1;
  const std::size_t size = (second.size() + kLanes - 1) / kLanes * kLanes;
  if (size * width > block_capacity_) {
    block_capacity_ = size * width;
    blocks_ = make_aligned<float>(block_capacity_);
  }
  for (std::size_t k = 0; k < size; ++k) {
    float* at = blocks_.get() + k / kLanes * width * kLanes + k % kLanes;
    if (k >= second.size()) {
      for (std::size_t i = 0; i < width; ++i) at[i * kLanes] = std::numeric_limits<float>::max();
      continue;
    }
    if (k + kPrefetch < second.size()) second.prefetch(order_[k + kPrefetch]);
    const std::size_t set = order_[k];
    at[0] = static_cast<float>(-second[set].profit);
    const float* loads = second.loads_of(set);
    for (std::size_t i = 0; i < rows; ++i) at[(i + 1) * kLanes] = loads[i];
  }
}

void PairJoin::run(const CoreProblem& core, const PairGoal& goal, const DeviationList& first,
                   const DeviationList& second, std::int64_t threshold, const Found& found,
                   const IsStopped& is_stopped) {
  const double distance = goal.bound - static_cast<double>(threshold);
  if (distance < 0.0) return;
  choose_grids(second, goal.count.has_value(), distance);
  order(second, goal.count.has_value());
  fill_blocks(second, static_cast<std::size_t>(core.num_rows));
  Search search(core, goal, second, threshold);
  for (std::size_t begin = 0; begin < first.size(); begin += kBatch) {
    if (begin % kPollInterval == 0 && is_stopped()) break;
    ranges_.clear();
    const std::size_t end = std::min(begin + kBatch, first.size());
    for (std::size_t k = begin; k < end; ++k) add_ranges(search, first[k], k);
    search.ranges_seen += static_cast<std::int64_t>(ranges_.size());
    std::size_t current = first.size();
    for (const Range& range : ranges_) {
      if (range.set != current) {
        current = range.set;
        search.take_up(first[current], first.loads_of(current));
      }
      scan(search, range, found);
    }
  }
  effort_ += kOrderEffort * static_cast<double>(second.size()) +
             kSetEffort * static_cast<double>(first.size()) +
             kRangeEffort * static_cast<double>(search.ranges_seen) +
             kBlockEffort * static_cast<double>(search.blocks_seen) +
             kVerifyEffort * static_cast<double>(search.pairs_found);
}

PairJoin::Search::Search(const CoreProblem& core, const PairGoal& joint_goal,
                         const DeviationList& second, std::int64_t least_objective)
    : goal(joint_goal), threshold(least_objective), limits(goal.room.size() + 1) {
  tolerance = 1e-6 * distance() + 1e-9 * std::abs(goal.key_room);
  for (std::size_t i = 0; i < goal.room.size(); ++i) {
    rooms.push_back(static_cast<float>(static_cast<double>(goal.room[i]) +
                                       kFloatRounding * static_cast<double>(core.capacities[i])));
  }
  for (std::size_t k = 0; k < second.size(); ++k) {
    profit_tolerance = std::max(profit_tolerance, std::abs(static_cast<double>(second[k].profit)));
  }
  profit_tolerance *= kFloatRounding;
}

void PairJoin::Search::take_up(const DeviationList::Set& next, const float* loads) {
  set = &next;
  for (std::size_t i = 0; i < rooms.size(); ++i) limits[i + 1] = rooms[i] - loads[i];
  limit_profit();
}

void PairJoin::Search::limit_profit() {
  const auto surplus = static_cast<double>(goal.profit + set->profit - threshold);
  limits[0] = static_cast<float>(surplus + profit_tolerance);
}

/// Finds out where in the grid the partners of a set of the first list are.
void PairJoin::add_ranges(const Search& search, const DeviationList::Set& set, std::size_t index) {
  const PairGoal& goal = search.goal;
  const Grid* const grid = grid_of(goal.count ? *goal.count - set.count : 0);
  // The whole priced load of the rows and either part of it fall short by at most this.
  const double left = search.distance() - set.cost + 2.0 * search.tolerance;
  if (grid == nullptr || left < 0.0) return;
  const double most_part = goal.part_room - set.part + search.tolerance;
  const double most_rest =
      (goal.key_room - goal.part_room) - (set.key - set.part) + search.tolerance;
  const int first_rest = grid->rest.cell_of(most_rest - left);
  const int last_rest = grid->rest.cell_of(most_rest);
  const int last_part = grid->part.cell_of(most_part);
  const std::size_t width = search.limits.size();
  for (int part = grid->part.cell_of(most_part - left); part <= last_part; ++part) {
    const std::size_t row = grid->row_of(part);
    const std::uint32_t begin = starts_[row + static_cast<std::size_t>(first_rest)];
    const std::uint32_t end = starts_[row + static_cast<std::size_t>(last_rest) + 1];
    if (begin == end) continue;
    const float* block = blocks_.get() + begin / kLanes * width * kLanes;
    for (std::size_t line = 0; line < 4; ++line) __builtin_prefetch(block + line * kLanes);
    ranges_.push_back({static_cast<std::uint32_t>(index), begin, end});
  }
}

void PairJoin::scan(Search& search, const Range& range, const Found& found) {
  const auto width = static_cast<int>(search.limits.size());
  std::int64_t block = range.begin / kPairLanes;
  const std::int64_t end_block = (range.end - 1) / kPairLanes + 1;
  search.blocks_seen += end_block - block;
  for (;; ++block) {
    std::uint32_t mask = 0;
    block = scan_.find(blocks_.get(), width, block, end_block, search.limits.data(), &mask);
    if (block == end_block) return;
    for (; mask != 0; mask &= mask - 1) {
      const auto place = static_cast<std::size_t>(block * kPairLanes + std::countr_zero(mask));
      if (place >= order_.size()) break;  // padding
      ++search.pairs_found;
      search.threshold = found(range.set, order_[place]);
    }
    search.limit_profit();
  }
}

}  // namespace espalier::solver
