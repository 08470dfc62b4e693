#include "search/pair_search.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numeric>

namespace espalier::solver {
namespace {

/// Sets in the first lists of the first round, all points together, and their growth.
constexpr double kFirstSize = 500.0;
constexpr double kGrowth = 1.3;
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
      random_(seed),
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

/// One split of every point, with lists of a common share of the distances to the bound.
void PairSearch::run() {
  if (effort_ == 0.0) make_points(*root_);
  const double before = effort_;
  std::size_t listed = 0;
  for (const Point& point : points_) {
    if (limits_.stopped()) return;
    listed += search(point);
  }
  // The number of sets grows exponentially with the root of what they may cost.
  size_ = std::min(kGrowth * size_, most_sets_ / kSlack);
  const double growth = std::log(size_) / std::log(static_cast<double>(listed) + 2.0);
  share_ = std::clamp(share_ * std::clamp(growth * growth, 0.5, 2.0), 1e-6, 1.0);
  next_effort_ = kGrowth * (effort_ - before);
}

std::size_t PairSearch::search(const Point& point) {
  const std::int64_t threshold = gap_.least_wanted(incumbent_.value());
  const double distance = point.goal.bound - static_cast<double>(threshold);
  if (distance < 0.0) return 0;
  split(point, distance);
  const auto most = static_cast<std::size_t>(kSlack * size_);
  first_.enumerate(core_, point.duals, first_half_, share_ * distance, most);
  second_.enumerate(core_, point.duals, second_half_, share_ * distance, most);
  const auto bytes = static_cast<std::int64_t>(first_.bytes() + second_.bytes() + join_.bytes());
  limits_.poll_but_nodes(0, bytes - reported_bytes_);
  reported_bytes_ = bytes;
  const double joined = join_.effort();
  join_.run(
      core_, point.goal, first_, second_, threshold,
      [&](std::size_t first, std::size_t second) { return offer(point, first, second); },
      [this] { return limits_.poll_but_nodes(0, 0); });
  const double listed = static_cast<double>(first_.size() + second_.size()) *
                        (kListEffort + kListEffortPerRow * core_.num_rows);
  effort_ += (join_.effort() - joined + listed) / nanoseconds_per_node_;
  return first_.size();
}

/// Deals the items that may deviate out to the halves; basic ones alternate, as every one of them
/// doubles a list.
void PairSearch::split(const Point& point, double distance) {
  first_half_.clear();
  second_half_.clear();
  bool is_first = random_.chance(0.5);
  for (Deviator deviator : point.basics) {
    deviator.price *= kBasicPrice * distance;
    (is_first ? first_half_ : second_half_).push_back(deviator);
    is_first = !is_first;
  }
  for (const Deviator& deviator : point.movers) {
    if (deviator.cost > share_ * distance) break;
    (random_.chance(0.5) ? first_half_ : second_half_).push_back(deviator);
  }
  for (auto* half : {&first_half_, &second_half_}) {
    std::stable_sort(half->begin(), half->end(),
                     [](const Deviator& a, const Deviator& b) { return a.price < b.price; });
  }
}

/// Verifies a pair in integers and offers its solution; returns the objective wanted from now on.
std::int64_t PairSearch::offer(const Point& point, std::size_t first, std::size_t second) {
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
  apply(first_, first);
  apply(second_, second);
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
