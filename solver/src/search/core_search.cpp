#include "search/core_search.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace espalier::solver {
namespace {

/// Items of the first core beyond two per row, and the growth from one core to the next.
constexpr std::size_t kFirstCore = 12;
constexpr double kGrowth = 1.4;

}  // namespace

CoreSearch::CoreSearch(const SearchSetting& setting, const RootRelaxation& root)
    : context_{.core = setting.model.core,
               .model = setting.model,
               .options = setting.options,
               .gap = setting.gap,
               .incumbent = setting.incumbent,
               .limits = setting.limits,
               .spawn = {},
               .heartbeat = {}},
      worker_(context_),
      bound_(root.bound()),
      core_size_(kFirstCore + 2 * static_cast<std::size_t>(setting.model.core.num_rows)) {
  const std::vector<double> costs = root.reduced_costs();
  for (const double cost : costs) is_at_one_.push_back(cost > 0.0 ? 1 : 0);
  order_.resize(costs.size());
  std::iota(order_.begin(), order_.end(), 0);
  std::stable_sort(order_.begin(), order_.end(), [&](std::int32_t a, std::int32_t b) {
    return std::abs(costs[static_cast<std::size_t>(a)]) >
           std::abs(costs[static_cast<std::size_t>(b)]);
  });
}

void CoreSearch::begin() {
  RootSubproblem part;
  part.bound = bound_;
  const std::size_t size = std::min(core_size_, order_.size());
  for (std::size_t k = 0; k < order_.size(); ++k) {
    const std::int32_t item = order_[k];
    if (k + size >= order_.size()) {
      part.items.push_back(item);
    } else if (is_at_one_[static_cast<std::size_t>(item)] != 0) {
      part.taken.push_back(item);
    }
  }
  worker_.begin(part, 0);
  has_core_ = true;
}

void CoreSearch::run(std::int64_t max_nodes) {
  const std::int64_t last = worker_.statistics().nodes + max_nodes;
  while (worker_.statistics().nodes < last && !context_.limits.stopped()) {
    if (!has_core_) begin();
    if (!worker_.advance(last - worker_.statistics().nodes)) return;  // goes on in the next call
    has_core_ = false;
    if (core_size_ >= order_.size()) return;
    core_size_ = static_cast<std::size_t>(kGrowth * static_cast<double>(core_size_)) + 1;
  }
}

}  // namespace espalier::solver
