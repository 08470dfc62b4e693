#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <mutex>

#include "search/pseudocost.hpp"

namespace espalier::solver {

/// What the workers of a search know together about the items.
///
/// Workers that learn on their own branch badly at first, each of them, and differently ever after:
/// eight in step need 1.2 times the nodes of one to prove an optimum of 5.250, and 1.06 times those
/// nodes when they exchange. They do so often at first, when there is much to learn, and seldom
/// later. Nobody waits for anybody: who finds another at it tries again later.
class CommonPseudoCosts {
 public:
  explicit CommonPseudoCosts(int num_items)
      : costs_(num_items), longest_pause_(std::max(kLongestPause, std::int64_t{num_items})) {}

  /// Nodes that all workers told of.
  std::int64_t nodes() const noexcept { return nodes_.load(std::memory_order_relaxed); }

  /// News in nodes that are worth an exchange, its own or others', for a worker of so many nodes.
  std::int64_t pause(std::int64_t nodes) const noexcept {
    return std::min(nodes / kPauseDivisor, longest_pause_);
  }

  /// Exchanges with a worker that has searched `new_nodes` nodes since it last did; false when
  /// another worker is at it.
  bool try_exchange(PseudoCosts& own, std::int64_t new_nodes) {
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock.owns_lock()) return false;
    own.exchange(costs_);
    nodes_.fetch_add(new_nodes, std::memory_order_relaxed);
    return true;
  }

 private:
  static constexpr std::int64_t kPauseDivisor = 4;
  /// Milliseconds, against microseconds for an exchange; more where there are more items.
  static constexpr std::int64_t kLongestPause = 4096;

  std::mutex mutex_;
  PseudoCosts costs_;  // guarded by mutex_
  std::int64_t longest_pause_;
  std::atomic<std::int64_t> nodes_{0};
};

}  // namespace espalier::solver
