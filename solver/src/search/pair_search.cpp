#include "search/pair_search.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numeric>

#include "tasks/run_tasks.hpp"

namespace espalier::solver {
namespace {

/// Sets in the first lists of the first round, all points together, and their growth from round to
/// round, but at most so much where several are done at once.
constexpr double kFirstSize = 500.0;
constexpr double kGrowth = 1.3;
constexpr double kMostGrowth = 2.0;
/// Lists and their order take no more than this, and than a part of the memory limit.
constexpr std::int64_t kMostMebibytes = 512;
constexpr std::int64_t kMemoryShare = 8;
/// Lists hold so many times the sets wanted at the most: what a set may cost is an estimate.
constexpr double kSlack = 2.0;
/// Part of the distance to the bound that a half may cost in the first round.
constexpr double kFirstShare = 0.05;
/// What the other value of a basic item is taken to cost where the relaxation has it at 0 or 1, as
/// a part of the distance to the bound; nothing at 1/2.
constexpr double kBasicPrice = 0.05;
/// To list a set takes so many nanoseconds, and more for every row.
constexpr double kListEffort = 30.0;
constexpr double kListEffortPerRow = 3.0;
/// Rounds that are expected to cost fewer nodes are not worth a thread.
constexpr std::int64_t kSmallRound = 1000;
/// A node of the tree search takes so many nanoseconds per row.
constexpr double kNodePerRow = 115.0;

/// Sets that a list may hold.
double most_sets(const CoreProblem& core, const SolveOptions& options) {
  const std::int64_t mebibytes = std::min(kMostMebibytes, options.memory_limit_mib / kMemoryShare);
  return std::ldexp(static_cast<double>(mebibytes), 20) /
         static_cast<double>(2 * DeviationList::bytes_per_set(core.num_rows) +
                             PairJoin::bytes_per_set(core.num_rows));
}

}  // namespace

PairSearch::PairSearch(const SearchSetting& setting, const RootRelaxation& root, std::uint64_t seed)
    : root_(&root),
      model_(setting.model),
      core_(setting.model.core),
      gap_(setting.gap),
      incumbent_(setting.incumbent),
      limits_(setting.limits),
      seed_(seed),
      most_sets_(most_sets(core_, setting.options)),
      size_(std::min(kFirstSize, most_sets_ / kSlack)),
      share_(kFirstShare),
      nanoseconds_per_node_(kNodePerRow * (core_.num_rows + 1)) {}

void PairSearch::make_points(const RootRelaxation& root) {
  RootSubproblem whole;
  whole.items.resize(static_cast<std::size_t>(core_.num_items));
  std::iota(whole.items.begin(), whole.items.end(), 0);
  whole.bound = root.bound();
  std::vector<RootSubproblem> parts;
  if (model_.has_cardinality) {
    parts = split_by_cardinality(model_, whole, root.num_chosen(),
                                 gap_.least_wanted(incumbent_.value()),
                                 [this] { return limits_.poll_but_nodes(0, 0); });
  } else {
    parts.push_back(std::move(whole));
  }
  NodeRelaxation relaxation(model_);
  StackArena arena;
  for (const RootSubproblem& part : parts) {
    if (limits_.poll_but_nodes(0, 0)) return;
    solve_cold(relaxation, part, arena);
    points_.push_back(rounded(relaxation, part));
  }
  effort_ += 1.0;
}

PairSearch::Point PairSearch::rounded(const NodeRelaxation& relaxation,
                                      const RootSubproblem& part) const {
  Point point;
  PairGoal& goal = point.goal;
  goal.bound = relaxation.bound();
  for (int i = 0; i < core_.num_rows; ++i) {
    const auto row = static_cast<std::size_t>(i);
    point.duals.push_back(std::ldexp(relaxation.duals()[row], -model_.exponents[row]));
  }
  goal.room = core_.capacities;
  const auto choose = [&](std::int32_t item) {
    point.chosen.push_back(item);
    goal.profit += core_.profits[static_cast<std::size_t>(item)];
    for (int i = 0; i < core_.num_rows; ++i) {
      goal.room[static_cast<std::size_t>(i)] -= core_.weight(i, item);
    }
  };
  for (int column = 0; column < relaxation.frame().num_columns; ++column) {
    const std::int32_t item = relaxation.frame().item[column];
    const double cost = std::abs(relaxation.reduced_cost(column));
    if (relaxation.is_nonbasic_at(column, 1)) {
      choose(item);
      point.movers.push_back({item, -1, cost, cost});
    } else if (relaxation.is_nonbasic_at(column, 0)) {
      point.movers.push_back({item, 1, cost, cost});
    }
  }
  std::stable_sort(point.movers.begin(), point.movers.end(),
                   [](const Deviator& a, const Deviator& b) { return a.cost < b.cost; });
  for (int row = 0; row < relaxation.num_rows(); ++row) {
    const int column = relaxation.basic_column(row);
    if (column < 0) continue;
    const double value = relaxation.basic_value(row);
    const std::int32_t item = relaxation.frame().item[column];
    if (value > 0.5) choose(item);
    point.basics.push_back({item, value > 0.5 ? -1 : 1, std::abs(2.0 * value - 1.0), 0.0});
  }
  for (int i = 0; i < core_.num_rows; ++i) {
    const auto row = static_cast<std::size_t>(i);
    const double priced = point.duals[row] * static_cast<double>(goal.room[row]);
    goal.key_room += priced;
    if (i % 2 == 0) goal.part_room += priced;
  }
  if (model_.has_cardinality) {
    goal.count = part.cardinality - static_cast<std::int64_t>(point.chosen.size());
  }
  return point;
}

/// In every lane one split of every point, with lists of a common share of the distances to the
/// bound.
void PairSearch::run(int splits) {
  if (points_.empty()) make_points(*root_);
  if (next_effort() < kSmallRound) splits = 1;
  const auto count = static_cast<std::size_t>(splits);
  while (lanes_.size() < count) lanes_.push_back(std::make_unique<Lane>(seed_++));
  run_tasks(splits, count, [this](std::size_t k) {
    Lane& lane = *lanes_[k];
    lane.effort = 0.0;
    lane.listed = 0;
    for (const Point& point : points_) {
      if (limits_.stopped()) return;
      search(point, lane);
    }
  });
  if (limits_.stopped()) return;
  double cost = 0.0;
  double listed = 0.0;
  for (std::size_t k = 0; k < count; ++k) {
    cost += lanes_[k]->effort;
    listed += static_cast<double>(lanes_[k]->listed) / splits;
  }
  effort_ += cost;
  const double growth = std::min(std::pow(kGrowth, splits), kMostGrowth);
  next_effort_ = growth * cost;
  // The number of sets grows exponentially with the root of what they may cost.
  size_ = std::min(growth * size_, most_sets_ / kSlack / splits);
  const double step = std::log(size_) / std::log(listed + 2.0);
  share_ = std::clamp(share_ * std::clamp(step * step, 0.5, 2.0), 1e-6, 1.0);
}

void PairSearch::free_memory() {
  for (const auto& lane : lanes_) limits_.poll_but_nodes(0, -lane->reported_bytes);
  lanes_.clear();
}

void PairSearch::search(const Point& point, Lane& lane) {
  const std::int64_t threshold = gap_.least_wanted(incumbent_.value());
  const double distance = point.goal.bound - static_cast<double>(threshold);
  if (distance < 0.0) return;
  split(point, distance, lane);
  const auto most = static_cast<std::size_t>(kSlack * size_);
  lane.first.enumerate(core_, point.duals, lane.first_half, share_ * distance, most);
  lane.second.enumerate(core_, point.duals, lane.second_half, share_ * distance, most);
  const auto bytes =
      static_cast<std::int64_t>(lane.first.bytes() + lane.second.bytes() + lane.join.bytes());
  limits_.poll_but_nodes(0, bytes - lane.reported_bytes);
  lane.reported_bytes = bytes;
  const double joined = lane.join.effort();
  lane.join.run(
      core_, point.goal, lane.first, lane.second, threshold,
      [&](std::size_t first, std::size_t second) { return offer(point, lane, first, second); },
      [this] { return limits_.poll_but_nodes(0, 0); });
  const double listed = static_cast<double>(lane.first.size() + lane.second.size()) *
                        (kListEffort + kListEffortPerRow * core_.num_rows);
  lane.effort += (lane.join.effort() - joined + listed) / nanoseconds_per_node_;
  lane.listed += lane.first.size();
}

/// Deals the items that may deviate out to the halves; basic ones alternate, as every one of them
/// doubles a list.
void PairSearch::split(const Point& point, double distance, Lane& lane) const {
  lane.first_half.clear();
  lane.second_half.clear();
  bool is_first = lane.random.chance(0.5);
  for (Deviator deviator : point.basics) {
    deviator.price *= kBasicPrice * distance;
    (is_first ? lane.first_half : lane.second_half).push_back(deviator);
    is_first = !is_first;
  }
  for (const Deviator& deviator : point.movers) {
    if (deviator.cost > share_ * distance) break;
    (lane.random.chance(0.5) ? lane.first_half : lane.second_half).push_back(deviator);
  }
  for (auto* half : {&lane.first_half, &lane.second_half}) {
    std::stable_sort(half->begin(), half->end(),
                     [](const Deviator& a, const Deviator& b) { return a.price < b.price; });
  }
}

/// Verifies a pair in integers and offers its solution; returns the objective wanted from now on.
std::int64_t PairSearch::offer(const Point& point, const Lane& lane, std::size_t first,
                               std::size_t second) {
  std::vector<std::int32_t> entering;
  std::vector<std::int32_t> leaving;
  std::vector<std::int64_t> room = point.goal.room;
  std::int64_t profit = point.goal.profit;
  const auto apply = [&](const DeviationList& list, std::size_t set) {
    for (; list[set].last >= 0; set = static_cast<std::size_t>(list[set].parent)) {
      const Deviator& deviator = list.deviator(list[set].last);
      (deviator.sign > 0 ? entering : leaving).push_back(deviator.item);
      profit += deviator.sign * core_.profits[static_cast<std::size_t>(deviator.item)];
      for (int i = 0; i < core_.num_rows; ++i) {
        room[static_cast<std::size_t>(i)] -= deviator.sign * core_.weight(i, deviator.item);
      }
    }
  };
  apply(lane.first, first);
  apply(lane.second, second);
  const std::int64_t wanted = gap_.least_wanted(incumbent_.value());
  if (profit < wanted) return wanted;
  if (std::any_of(room.begin(), room.end(), [](std::int64_t left) { return left < 0; })) {
    return wanted;
  }
  for (const auto item : point.chosen) {
    if (std::find(leaving.begin(), leaving.end(), item) == leaving.end()) entering.push_back(item);
  }
  incumbent_.offer(entering, 'M');
  return gap_.least_wanted(incumbent_.value());
}

}  // namespace espalier::solver
