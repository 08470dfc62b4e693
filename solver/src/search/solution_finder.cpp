#include "search/solution_finder.hpp"

#include <algorithm>

namespace espalier::solver {
namespace {

// Effort of core and local search: so much before the first target, and then in step with the nodes
// of the tree search. Moves are cheaper than nodes where there are many rows.
constexpr std::int64_t kFirstCoreNodes = 300;
constexpr double kCoreShare = 0.1;
constexpr double kMovesPerNode = 0.05;

/// Problems with fewer numbers in the rows, or that are expected to take fewer nodes, do without
/// neighbourhoods: they gain nothing (bench/README.md).
constexpr std::int64_t kLarge = 4000;
constexpr double kEasy = 1e8;
/// Nodes of neighbourhoods per node that the rest of the tree search is expected to cost, and at
/// most per node done so far.
constexpr double kShare = 0.02;
constexpr double kMostShare = 2.0;
/// Effort after which they give up: so much, and so many times what led to the last improvement.
constexpr double kPatience = 500000.0;
constexpr double kPatienceFactor = 8.0;
/// In the middle of a run of the tree search they take so many nodes at once.
constexpr std::int64_t kSlice = 2000;

/// Pairs are searched in trees of more nodes, and where few enough rows make the lists of
/// deviations worth joining: every basic item doubles one of them (bench/README.md).
constexpr std::int64_t kPairStart = 20000;
constexpr int kMostPairRows = 16;
/// What they may cost per node of the tree search so far, and that is expected in all.
constexpr double kPairShare = 2.0;
constexpr double kMostPairShare = 0.1;
/// They give up after so much, and so many times what had been spent when a better solution was last
/// found; but for a small part of the nodes so far.
constexpr double kPairPatience = 20000.0;
constexpr double kPairPatienceFactor = 4.0;
constexpr double kLeastPairShare = 0.03;
/// Part of the nodes still expected after which the solution found is believed in.
constexpr double kConfidentShare = 0.02;

/// Moves of the local search before the first target, for so many numbers in the rows. Large
/// problems are often stopped long before their optimum is found in the tree, and get more.
std::int64_t first_moves(std::int64_t size) {
  constexpr std::int64_t kFewest = 300;
  constexpr std::int64_t kMost = 30000;
  constexpr std::int64_t kUnit = 5000;
  const std::int64_t times = std::clamp<std::int64_t>(size / kUnit, 1, 100);
  return std::clamp(size / 5 * times * times, kFewest, kMost);
}

/// Nodes of the neighbourhoods of a large problem before anything is known of its tree.
std::int64_t first_nodes(std::int64_t size) {
  constexpr std::int64_t kMost = 10000;
  const std::int64_t counted = std::min(size, kMost);
  return counted * counted / 1000;
}

}  // namespace

SolutionFinder::SolutionFinder(const SearchSetting& setting, const LpModel& split_model,
                               const RootRelaxation& root)
    : core_(setting.model.core),
      size_(std::int64_t{core_.num_items} * core_.num_rows),
      incumbent_(setting.incumbent),
      limits_(setting.limits),
      oscillation_(core_, root.reduced_costs(), setting.options.seed),
      core_search_(setting, root),
      neighbourhoods_(setting, root, setting.options.seed),
      pairs_({split_model, setting.options, setting.gap, setting.incumbent, setting.limits, {}},
             root, setting.options.seed) {}

void SolutionFinder::start() {
  oscillate(first_moves(size_));
  core_search_.run(kFirstCoreNodes);
}

void SolutionFinder::catch_up(std::int64_t nodes) {
  const std::lock_guard lock(mutex_);
  const auto cost = static_cast<double>(nodes);
  core_search_.run(static_cast<std::int64_t>(kCoreShare * cost));
  oscillate(static_cast<std::int64_t>(kMovesPerNode * cost));
  if (is_pair_round_due()) search_pairs();
  search_neighbourhoods(due());
}

void SolutionFinder::catch_up_meanwhile() {
  const bool has_pairs = is_pair_round_due();
  if (!has_pairs && due() < kSlice) return;
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock.owns_lock()) return;
  if (has_pairs) search_pairs();
  search_neighbourhoods(std::min(due(), kSlice));
}

/// Nodes of neighbourhoods that should have been spent by now, but were not.
std::int64_t SolutionFinder::due() const {
  if (size_ < kLarge) return 0;
  const std::int64_t spent = spent_.load(std::memory_order_relaxed);
  const auto done = static_cast<double>(std::max<std::int64_t>(limits_.nodes() - spent, 0));
  const double hard = std::max(expected_.load(std::memory_order_relaxed) - kEasy, 0.0);
  const double patience =
      kPatience +
      kPatienceFactor * static_cast<double>(last_success_.load(std::memory_order_relaxed));
  const double wanted = std::max(kShare * hard, static_cast<double>(first_nodes(size_)));
  const double budget = std::min({kMostShare * done, wanted, patience});
  return static_cast<std::int64_t>(budget) - spent;
}

bool SolutionFinder::is_pair_round_due() const {
  const std::int64_t nodes = limits_.nodes();
  if (nodes < kPairStart || core_.num_rows > kMostPairRows) return false;
  const auto done = static_cast<double>(nodes);
  const double expected = expected_.load(std::memory_order_relaxed);
  const auto success = static_cast<double>(last_pair_success_.load(std::memory_order_relaxed));
  const double patience = kPairPatience + kPairPatienceFactor * success;
  double budget = std::min(kPairShare * done, std::max(patience, kLeastPairShare * done));
  if (expected > 0.0) budget = std::min(budget, kMostPairShare * (done + expected));
  const auto needed = static_cast<double>(next_pair_effort_.load(std::memory_order_relaxed));
  return needed < budget;
}

bool SolutionFinder::is_confident() const {
  const double expected = expected_.load(std::memory_order_relaxed);
  const auto spent = static_cast<double>(pair_effort_.load(std::memory_order_relaxed));
  return expected > 0.0 && spent > kConfidentShare * expected;
}

Statistics SolutionFinder::statistics() const {
  Statistics total = core_search_.statistics();
  total += neighbourhoods_.statistics();
  return total;
}

void SolutionFinder::oscillate(std::int64_t moves) {
  oscillation_.run(moves, incumbent_.value(),
                   [this](std::span<const std::int32_t> items) { incumbent_.offer(items, 'H'); });
}

void SolutionFinder::search_pairs() {
  // Whoever has found it: pairs would have had to.
  if (incumbent_.value() > known_) {
    last_pair_success_.store(pairs_.effort(), std::memory_order_relaxed);
  }
  const std::int64_t before = incumbent_.value();
  pairs_.run();
  known_ = incumbent_.value();
  if (known_ > before) last_pair_success_.store(pairs_.effort(), std::memory_order_relaxed);
  pair_effort_.store(pairs_.effort(), std::memory_order_relaxed);
  next_pair_effort_.store(pairs_.effort() + pairs_.next_effort(), std::memory_order_relaxed);
}

void SolutionFinder::search_neighbourhoods(std::int64_t nodes) {
  if (nodes <= 0) return;
  if (neighbourhoods_.run(nodes)) {
    last_success_.store(neighbourhoods_.effort(), std::memory_order_relaxed);
  }
  spent_.store(neighbourhoods_.effort(), std::memory_order_relaxed);
}

}  // namespace espalier::solver
