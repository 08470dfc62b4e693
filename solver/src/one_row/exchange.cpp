#include "one_row/exchange.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

// The best partner of an item that leaves is the most profitable item outside that is no heavier
// than it plus the residual. With both sides visited in order of weight, that partner is a running
// maximum, so the best of all n^2 exchanges takes one sweep.

namespace espalier::solver::one_row {
namespace {

/// Exchanges beyond this many have not been seen to matter; it bounds the cost.
constexpr int kMostExchanges = 100;

struct Exchange {
  std::size_t leaving;
  std::size_t entering;
  std::int64_t gain;
};

Exchange best_exchange(std::span<const Item> items, std::span<const std::int32_t> by_weight,
                       std::span<const std::uint8_t> inside, std::int64_t residual) {
  Exchange best{0, 0, 0};
  std::size_t candidate = items.size();
  std::size_t next = 0;
  for (const std::int32_t position : by_weight) {
    const auto leaving = static_cast<std::size_t>(position);
    if (inside[leaving] == 0) continue;
    for (; next < by_weight.size(); ++next) {
      const auto entering = static_cast<std::size_t>(by_weight[next]);
      if (items[entering].weight > items[leaving].weight + residual) break;
      if (inside[entering] != 0) continue;
      if (candidate == items.size() || items[entering].profit > items[candidate].profit) {
        candidate = entering;
      }
    }
    if (candidate == items.size()) continue;
    const std::int64_t gain = items[candidate].profit - items[leaving].profit;
    if (gain > best.gain) best = {leaving, candidate, gain};
  }
  return best;
}

}  // namespace

std::int64_t improve_by_exchanges(std::span<const Item> items, std::int64_t residual,
                                  std::vector<std::int32_t>& chosen) {
  std::vector<std::uint8_t> inside(items.size(), 0);
  for (const std::int32_t position : chosen) inside[static_cast<std::size_t>(position)] = 1;
  std::vector<std::int32_t> by_weight(items.size());
  std::iota(by_weight.begin(), by_weight.end(), 0);
  std::sort(by_weight.begin(), by_weight.end(), [&](std::int32_t a, std::int32_t b) {
    const std::int64_t left = items[static_cast<std::size_t>(a)].weight;
    const std::int64_t right = items[static_cast<std::size_t>(b)].weight;
    return left != right ? left < right : a < b;
  });
  std::int64_t total_gain = 0;
  for (int round = 0; round < kMostExchanges; ++round) {
    const Exchange exchange = best_exchange(items, by_weight, inside, residual);
    if (exchange.gain == 0) break;
    inside[exchange.leaving] = 0;
    inside[exchange.entering] = 1;
    residual += items[exchange.leaving].weight - items[exchange.entering].weight;
    total_gain += exchange.gain;
  }
  chosen.clear();
  for (std::size_t j = 0; j < items.size(); ++j) {
    if (inside[j] != 0) chosen.push_back(static_cast<std::int32_t>(j));
  }
  return total_gain;
}

}  // namespace espalier::solver::one_row
