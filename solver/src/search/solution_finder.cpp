#include "search/solution_finder.hpp"

#include <algorithm>

#include "espalier/support/useful_threads.hpp"

namespace espalier::solver {
namespace {

// Effort of the core search: so much before the first target, and then in step with the nodes of
// the tree search.
constexpr std::int64_t kFirstCoreNodes = 300;
constexpr double kCoreShare = 0.1;

/// A node of the tree search takes so many nanoseconds per row.
constexpr double kNodePerRow = 115.0;
/// Effort of the local search per effort of the tree search, as long as it is patient: for so much
/// beyond the first effort, and so many times what had been spent when a better solution was last
/// found. After that a small part. It rests once pairs are searched, which find more.
constexpr double kTabuShare = 0.5;
constexpr double kTabuPatience = 3.0;
constexpr double kTabuPatienceFactor = 4.0;
constexpr double kLeastTabuShare = 0.03;
/// In the middle of a run of the tree search it takes so many nanoseconds at once, about.
constexpr double kTabuSlice = 1e6;

/// Problems with fewer numbers in the rows, or that are expected to take fewer nodes, do without
/// neighbourhoods: they gain nothing (bench/README.md).
constexpr std::int64_t kLarge = 4000;
constexpr double kEasy = 1e8;
/// Nodes of neighbourhoods per node that the rest of the tree search is expected to cost, and at
/// most per node done so far.
constexpr double kShare = 0.02;
constexpr double kMostShare = 0.5;
/// Effort after which they give up: so much, and so many times what led to the last improvement.
constexpr double kPatience = 500000.0;
constexpr double kPatienceFactor = 8.0;
/// In the middle of a run of the tree search they take so many nodes at once.
constexpr std::int64_t kSlice = 2000;

/// Pairs are searched before trees that are expected to take so many nodes, or in those that have,
/// and where few enough rows make the lists of deviations worth joining: every basic item doubles
/// one of them (bench/README.md).
constexpr double kLargeTree = 50000.0;
constexpr int kMostPairRows = 16;
/// They cost such a part of the tree at the most, the one expected or the one already searched.
/// Before the tree they also end once the lists go so far that the optimum would probably be in.
constexpr double kPairShare = 0.1;
constexpr double kEnoughCovered = 0.6;
constexpr double kMostFirst = 2e7;
/// Part of the tree expected after which the solution found is believed in.
constexpr double kConfidentShare = 0.02;

/// Nanoseconds of the local search before the first target, for so many numbers in the rows. Large
/// problems are often stopped long before their optimum is found in the tree, and get more.
double first_tabu_effort(std::int64_t size) {
  constexpr double kPerNumber = 100.0;
  constexpr double kUnit = 500.0;
  constexpr double kMostTimes = 30.0;
  const auto numbers = static_cast<double>(size);
  return kPerNumber * numbers * std::clamp(numbers / kUnit, 1.0, kMostTimes);
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
      most_first_(std::min(kMostFirst, static_cast<double>(setting.options.node_limit))),
      splits_at_once_(setting.options.deterministic ? 1 : useful_threads(setting.options.threads)),
      nanoseconds_per_node_(kNodePerRow * (core_.num_rows + 1)),
      tabu_(core_, root.reduced_costs(), setting.options.seed),
      core_search_(setting, root),
      neighbourhoods_(setting, root, setting.options.seed),
      tree_size_(root.reduced_costs(), root.bound(), core_.num_rows),
      pairs_({split_model, setting.options, setting.gap, setting.incumbent, setting.limits, {}},
             root, setting.options.seed) {}

void SolutionFinder::start(const std::function<void()>& report_progress) {
  search_locally(first_tabu_effort(size_));
  core_search_.run(kFirstCoreNodes);
  if (core_.num_rows <= kMostPairRows) search_pairs_first(report_progress);
}

/// Before a tree that is expected to be large.
void SolutionFinder::search_pairs_first(const std::function<void()>& report_progress) {
  while (!limits_.stopped() && pairs_.covered() < kEnoughCovered) {
    const double expected = tree_size_.nodes(incumbent_.value());
    const auto needed = static_cast<double>(pairs_.effort() + pairs_.next_effort() / 2);
    if (expected < kLargeTree || needed > std::min(kPairShare * expected, most_first_)) break;
    search_pairs(splits_at_once_);
    report_progress();
  }
  if (splits_at_once_ > 1) pairs_.free_memory();
}

void SolutionFinder::catch_up(std::int64_t nodes) {
  const std::lock_guard lock(mutex_);
  const auto cost = static_cast<double>(nodes);
  core_search_.run(static_cast<std::int64_t>(kCoreShare * cost));
  search_locally(tabu_due());
  if (is_pair_round_due()) search_pairs(1);
  search_neighbourhoods(due());
}

void SolutionFinder::catch_up_meanwhile() {
  const bool has_pairs = is_pair_round_due();
  const bool has_moves = tabu_due() >= kTabuSlice;
  if (!has_pairs && !has_moves && due() < kSlice) return;
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock.owns_lock()) return;
  if (has_moves) search_locally(std::min(tabu_due(), kTabuSlice));
  if (has_pairs) search_pairs(1);
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
  const auto nodes = static_cast<double>(limits_.nodes());
  if (nodes < kLargeTree || core_.num_rows > kMostPairRows) return false;
  const auto needed = static_cast<double>(next_pair_effort_.load(std::memory_order_relaxed));
  return needed < kPairShare * nodes;
}

bool SolutionFinder::is_confident() const {
  if (!has_searched_pairs()) return false;
  if (pairs_.covered() >= kEnoughCovered) return true;
  const double expected =
      std::max(expected_.load(std::memory_order_relaxed), tree_size_.nodes(incumbent_.value()));
  const auto spent = static_cast<double>(pair_effort_.load(std::memory_order_relaxed));
  return spent > kConfidentShare * expected;
}

Statistics SolutionFinder::statistics() const {
  Statistics total = core_search_.statistics();
  total += neighbourhoods_.statistics();
  return total;
}

/// Nanoseconds of the local search that should have been spent by now, but were not.
double SolutionFinder::tabu_due() const {
  const double done = nanoseconds_per_node_ * static_cast<double>(limits_.nodes());
  const double patience = kTabuPatience * first_tabu_effort(size_) +
                          kTabuPatienceFactor * last_tabu_success_.load(std::memory_order_relaxed);
  const double least = has_searched_pairs() ? 0.0 : std::max(patience, kLeastTabuShare * done);
  const double budget = std::min(kTabuShare * done, least);
  return budget - tabu_effort_.load(std::memory_order_relaxed);
}

void SolutionFinder::search_locally(double nanoseconds) {
  const double last = tabu_.effort() + nanoseconds;
  while (tabu_.effort() < last && !limits_.poll_but_nodes(0, 0)) {
    tabu_.run(std::min(last - tabu_.effort(), kTabuSlice), incumbent_.value(),
              [this](std::span<const std::int32_t> items) {
                if (!incumbent_.offer(items, 'H')) return;
                last_tabu_success_.store(tabu_.effort(), std::memory_order_relaxed);
              });
  }
  tabu_effort_.store(tabu_.effort(), std::memory_order_relaxed);
}

void SolutionFinder::search_pairs(int splits) {
  pairs_.run(splits);
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
