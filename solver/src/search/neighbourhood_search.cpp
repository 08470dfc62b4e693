#include "search/neighbourhood_search.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "heuristics/oscillation.hpp"

namespace espalier::solver {
namespace {

/// Solutions kept, one more whenever so many nodes have been spent.
constexpr std::size_t kMostSolutions = 4;
constexpr std::int64_t kNodesPerSolution = 5000;
/// Moves of the local search that makes a new one.
constexpr std::int64_t kFirstMoves = 300;
/// Nodes after which a neighbourhood is left.
constexpr std::int64_t kNodesPerNeighbourhood = 2000;
/// To draw a neighbourhood and to begin with it costs as much as so many nodes, and a node more for
/// so many items.
constexpr std::int64_t kLeastEffort = 20;
constexpr std::int64_t kItemsPerNode = 30;
/// Free items to begin with, and at least; the change after a search that ended and that did not.
constexpr double kFirstSize = 30.0;
constexpr double kLeastSize = 10.0;
constexpr double kGrowth = 1.01;
constexpr double kShrinkage = 0.97;
/// The rate at which an item is drawn falls with its |reduced cost|, in units of that of the
/// kScaleRank-th smallest; items against their reduced cost are drawn so much more often.
constexpr std::size_t kScaleRank = 60;
constexpr double kCostOffset = 0.2;
constexpr double kDeviationFactor = 0.1;
/// How often the differences from another solution are free.
constexpr double kCrossShare = 0.5;

}  // namespace

NeighbourhoodSearch::NeighbourhoodSearch(const SearchSetting& setting, const RootRelaxation& root,
                                         std::uint64_t seed)
    : incumbent_(setting.incumbent),
      best_here_(setting.model.core, {}),
      context_{.core = setting.model.core,
               .model = setting.model,
               .options = setting.options,
               .gap = no_gap_,
               .incumbent = best_here_,
               .limits = setting.limits,
               .spawn = {},
               .heartbeat = {}},
      worker_(context_),
      random_(seed),
      bound_(root.bound()),
      reduced_costs_(root.reduced_costs()),
      ranks_(reduced_costs_.size()),
      order_(reduced_costs_.size()),
      size_(kFirstSize) {
  for (std::size_t j = 0; j < ranks_.size(); ++j) ranks_[j] = std::abs(reduced_costs_[j]);
  const std::size_t middle = std::min(kScaleRank, ranks_.size() - 1);
  std::nth_element(ranks_.begin(), ranks_.begin() + static_cast<std::ptrdiff_t>(middle),
                   ranks_.end());
  if (ranks_[middle] > 0.0) cost_scale_ = ranks_[middle];
  std::iota(order_.begin(), order_.end(), 0);
}

bool NeighbourhoodSearch::run(std::int64_t max_nodes) {
  const std::int64_t last = effort_ + max_nodes;
  const std::int64_t effort_of_draw =
      kLeastEffort + static_cast<std::int64_t>(order_.size()) / kItemsPerNode;
  bool has_improved = false;
  take_best_known();
  while (effort_ < last && !context_.limits.stopped()) {
    if (solutions_.size() < kMostSolutions &&
        effort_ > kNodesPerSolution * static_cast<std::int64_t>(solutions_.size())) {
      adopt(solutions_.emplace_back(), fresh_solution());
    }
    const std::int64_t before = statistics().nodes;
    has_improved |= search_once(std::min(kNodesPerNeighbourhood, last - effort_));
    effort_ += statistics().nodes - before + effort_of_draw;
  }
  return has_improved;
}

/// Searches one neighbourhood; true when it holds a new best solution of the whole solve.
bool NeighbourhoodSearch::search_once(std::int64_t max_nodes) {
  const auto count = static_cast<std::int64_t>(solutions_.size());
  const std::int64_t index = random_.integer(0, count - 1);
  Solution& solution = solutions_[static_cast<std::size_t>(index)];
  const Solution* other = nullptr;
  if (count > 1 && random_.chance(kCrossShare)) {
    other = &solutions_[static_cast<std::size_t>((index + random_.integer(1, count - 1)) % count)];
    if (other->items == solution.items) {
      adopt(solution, fresh_solution());
      return false;
    }
  }
  best_here_.restart(solution.items);
  worker_.begin(neighbourhood_of(solution, other), 0);
  const bool is_finished = worker_.advance(max_nodes);
  size_ = is_finished ? std::min(kGrowth * size_, static_cast<double>(order_.size()))
                      : std::max(kShrinkage * size_, kLeastSize);
  if (best_here_.value() == solution.objective) return false;
  adopt(solution, best_here_.items());
  return incumbent_.offer(solution.items, 'N');
}

/// The solution with the items to search over free.
RootSubproblem NeighbourhoodSearch::neighbourhood_of(const Solution& solution,
                                                     const Solution* other) {
  for (std::size_t j = 0; j < ranks_.size(); ++j) {
    const bool deviates = (reduced_costs_[j] > 0.0) != (solution.is_taken[j] != 0);
    const double cost = kCostOffset + std::abs(reduced_costs_[j]) / cost_scale_;
    // The smallest of exponential variables: a draw without replacement, by rates.
    ranks_[j] = -std::log(1.0 - random_.uniform()) * cost * (deviates ? kDeviationFactor : 1.0);
    if (other != nullptr && other->is_taken[j] != solution.is_taken[j]) ranks_[j] = -1.0;
  }
  const std::size_t size = std::min(static_cast<std::size_t>(size_), order_.size());
  std::nth_element(order_.begin(), order_.begin() + static_cast<std::ptrdiff_t>(size) - 1,
                   order_.end(), [&](std::int32_t a, std::int32_t b) {
                     const double left = ranks_[static_cast<std::size_t>(a)];
                     const double right = ranks_[static_cast<std::size_t>(b)];
                     return left < right || (left == right && a < b);
                   });
  RootSubproblem part;
  part.bound = bound_;
  part.items.assign(order_.begin(), order_.begin() + static_cast<std::ptrdiff_t>(size));
  std::sort(part.items.begin(), part.items.end());
  for (std::size_t k = size; k < order_.size(); ++k) {
    if (solution.is_taken[static_cast<std::size_t>(order_[k])] != 0) {
      part.taken.push_back(order_[k]);
    }
  }
  return part;
}

/// What the tree search found in the meantime takes the place of the worst solution.
void NeighbourhoodSearch::take_best_known() {
  std::vector<std::int32_t> known = incumbent_.items();
  if (solutions_.empty()) {
    adopt(solutions_.emplace_back(), std::move(known));
    return;
  }
  const auto by_objective = [](const Solution& a, const Solution& b) {
    return a.objective < b.objective;
  };
  const auto [worst, best] =
      std::minmax_element(solutions_.begin(), solutions_.end(), by_objective);
  if (context_.core.profit_of(known) > best->objective) adopt(*worst, std::move(known));
}

std::vector<std::int32_t> NeighbourhoodSearch::fresh_solution() {
  Oscillation oscillation(context_.core, reduced_costs_, random_.bits());
  std::vector<std::int32_t> result;
  oscillation.run(kFirstMoves, -1, [&result](std::span<const std::int32_t> items) {
    result.assign(items.begin(), items.end());
  });
  std::sort(result.begin(), result.end());
  return result;
}

void NeighbourhoodSearch::adopt(Solution& solution, std::vector<std::int32_t> items) const {
  solution.objective = context_.core.profit_of(items);
  solution.is_taken.assign(reduced_costs_.size(), 0);
  for (const auto j : items) solution.is_taken[static_cast<std::size_t>(j)] = 1;
  solution.items = std::move(items);
}

}  // namespace espalier::solver
