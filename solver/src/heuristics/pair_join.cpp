#include "heuristics/pair_join.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace espalier::solver {
namespace {

constexpr std::size_t kLanes = kPairLanes;
/// Groups hold so many sets at least, in the mean: to look into one costs as much.
constexpr double kLeastGroup = 48.0;
/// Width of a cell of loads in every other row, as a part of the distance to the bound.
constexpr double kCellShare = 0.5;
/// Rounding of the numbers in single precision that compare the rows, relative to capacities.
constexpr double kFloatRounding = 0x1p-21;
/// Effort in nanoseconds: to sort a set in, to look into a group, to compare a block in one row (of
/// which two have to be looked at on average, and one more for the objective), to verify a pair.
constexpr double kOrderEffort = 60.0;
constexpr double kGroupEffort = 25.0;
constexpr double kBlockEffort = 4.0;
constexpr double kVerifyEffort = 300.0;
/// So many sets of the first list ahead are fetched into the cache.
constexpr std::size_t kPrefetch = 8;
/// Sets of the first list between two looks at the clock.
constexpr std::size_t kPollInterval = 256;

}  // namespace

int PairJoin::Grouping::cell_of(double part) const {
  const double cell = (part - least_part) / cell_width;
  return static_cast<int>(std::clamp(cell, 0.0, static_cast<double>(cells - 1)));
}

/// Chooses the groups of a list and sorts its sets into them, by key within each.
void PairJoin::order(const DeviationList& list, bool has_counts, double distance,
                     OrderedList& ordered) {
  Grouping& grouping = ordered.grouping;
  grouping = {};
  double most_part = list[0].part;
  grouping.least_part = most_part;
  std::int64_t most_count = 0;
  for (std::size_t k = 0; k < list.size(); ++k) {
    grouping.least_part = std::min(grouping.least_part, list[k].part);
    most_part = std::max(most_part, list[k].part);
    if (has_counts) {
      grouping.least_count = std::min<std::int64_t>(grouping.least_count, list[k].count);
      most_count = std::max<std::int64_t>(most_count, list[k].count);
    }
  }
  grouping.counts = static_cast<int>(most_count - grouping.least_count) + 1;
  const auto size = static_cast<double>(list.size());
  const double most_cells = size / (kLeastGroup * grouping.counts);
  const double spread = most_part - grouping.least_part;
  const double cells = std::min(most_cells, spread / std::max(kCellShare * distance, 1e-300));
  grouping.cells = static_cast<int>(std::clamp(cells, 1.0, 256.0));
  grouping.cell_width = std::max(spread / grouping.cells, 1e-300);

  ordered.starts.assign(grouping.num_groups() + 1, 0);
  scratch_.resize(list.size());
  for (std::size_t k = 0; k < list.size(); ++k) {
    const DeviationList::Set& set = list[k];
    const std::int64_t count = has_counts ? set.count - grouping.least_count : 0;
    const std::size_t group = grouping.group(count, grouping.cell_of(set.part));
    ++ordered.starts[group + 1];
    scratch_[k] = {static_cast<std::uint32_t>(group), static_cast<std::int32_t>(k), set.key};
  }
  for (std::size_t g = 0; g < grouping.num_groups(); ++g)
    ordered.starts[g + 1] += ordered.starts[g];
  ordered.places.resize(list.size());
  std::vector<std::size_t> next(ordered.starts.begin(), ordered.starts.end() - 1);
  for (const Place& place : scratch_) ordered.places[next[place.group]++] = place;
  for (std::size_t g = 0; g < grouping.num_groups(); ++g) {
    std::sort(ordered.places.begin() + static_cast<std::ptrdiff_t>(ordered.starts[g]),
              ordered.places.begin() + static_cast<std::ptrdiff_t>(ordered.starts[g + 1]),
              [](const Place& a, const Place& b) {
                return a.key < b.key || (a.key == b.key && a.set < b.set);
              });
  }
  effort_ += kOrderEffort * size;
}

void PairJoin::fill_blocks(const DeviationList& second, std::size_t rows) {
  const std::size_t width = rows + 1;
  const std::size_t size = (second.size() + kLanes - 1) / kLanes * kLanes;
  if (size * width > block_capacity_) {
    block_capacity_ = size * width;
    blocks_ = make_aligned<float>(block_capacity_);
  }
  keys_.resize(second.size());
  for (std::size_t k = 0; k < size; ++k) {
    float* at = blocks_.get() + k / kLanes * width * kLanes + k % kLanes;
    if (k >= second.size()) {
      for (std::size_t i = 0; i < width; ++i) at[i * kLanes] = std::numeric_limits<float>::max();
      continue;
    }
    const auto set = static_cast<std::size_t>(second_.places[k].set);
    keys_[k] = second_.places[k].key;
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
  order(first, goal.count.has_value(), distance, first_);
  order(second, goal.count.has_value(), distance, second_);
  fill_blocks(second, static_cast<std::size_t>(core.num_rows));
  Search search(core, goal, second, threshold);
  for (std::size_t p = 0; p < first_.places.size(); ++p) {
    if (p % kPollInterval == 0 && is_stopped()) break;
    if (p + kPrefetch < first_.places.size()) {
      first.prefetch(static_cast<std::size_t>(first_.places[p + kPrefetch].set));
    }
    const auto set = static_cast<std::size_t>(first_.places[p].set);
    search.take_up(first[set], first.loads_of(set));
    join_one(search, set, found);
  }
  effort_ += kGroupEffort * static_cast<double>(search.groups_seen) +
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

/// Looks for the partners of a set of the first list.
void PairJoin::join_one(Search& search, std::size_t first, const Found& found) {
  const PairGoal& goal = search.goal;
  const DeviationList::Set& set = *search.set;
  const Grouping& grouping = second_.grouping;
  const std::int64_t count = goal.count ? *goal.count - set.count - grouping.least_count : 0;
  if (count < 0 || count >= grouping.counts) return;
  // Both the whole priced load of the rows and a part of it fall short by at most this.
  const double left = search.distance() - set.cost + 2.0 * search.tolerance;
  const double most_key = goal.key_room - set.key + search.tolerance;
  const double most_part = goal.part_room - set.part + search.tolerance;
  if (left < 0.0 || most_part < grouping.least_part) return;
  const int last_cell = grouping.cell_of(most_part);
  for (int cell = grouping.cell_of(most_part - left); cell <= last_cell; ++cell) {
    const std::size_t group = grouping.group(count, cell);
    const double* const keys = keys_.data();
    const double* const end = keys + second_.starts[group + 1];
    const double* const low = std::lower_bound(keys + second_.starts[group], end, most_key - left);
    const double* const high = std::upper_bound(low, end, most_key);
    ++search.groups_seen;
    if (low < high) scan(search, first, low - keys, high - keys, found);
  }
}

/// Looks through the sets of the second list in the places from `begin` to `end`.
void PairJoin::scan(Search& search, std::size_t first, std::ptrdiff_t begin, std::ptrdiff_t end,
                    const Found& found) {
  const auto width = static_cast<int>(search.limits.size());
  std::int64_t block = begin / kPairLanes;
  const std::int64_t end_block = (end - 1) / kPairLanes + 1;
  search.blocks_seen += end_block - block;
  for (;; ++block) {
    std::uint32_t mask = 0;
    block = scan_.find(blocks_.get(), width, block, end_block, search.limits.data(), &mask);
    if (block == end_block) return;
    for (; mask != 0; mask &= mask - 1) {
      const auto place = static_cast<std::size_t>(block * kPairLanes + std::countr_zero(mask));
      if (place >= second_.places.size()) break;  // padding
      ++search.pairs_found;
      search.threshold = found(first, static_cast<std::size_t>(second_.places[place].set));
    }
    search.limit_profit();
  }
}

}  // namespace espalier::solver
