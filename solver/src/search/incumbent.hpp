#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <vector>

#include "model/core_problem.hpp"

namespace espalier::solver {

/// The best solution of the core problem, shared by all threads.
///
/// value() may be read at any time without a lock; everything else takes the mutex. A solution is
/// verified in integers when it enters: one that violates a row stops the solve as an internal
/// error.
class Incumbent {
 public:
  /// Called under the mutex after every improvement.
  using Listener =
      std::function<void(std::int64_t value, std::span<const std::int32_t>, char source)>;

  Incumbent(const CoreProblem& core, Listener listener)
      : core_(core), listener_(std::move(listener)) {}

  /// Objective of the best solution. Relaxed: a stale value only delays a cutoff.
  std::int64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

  /// Takes the solution if it is better; `items` are distinct. Returns whether it was.
  bool offer(std::span<const std::int32_t> items, char source);

  /// Forgets the solution for a given feasible one, which may be worse; tells the listener nothing.
  /// For heuristics that improve on several solutions in turn; nobody else may use the object then.
  void restart(std::span<const std::int32_t> items);

  std::vector<std::int32_t> items() const;
  std::int64_t improvements() const;

 private:
  const CoreProblem& core_;
  Listener listener_;
  mutable std::mutex mutex_;
  std::atomic<std::int64_t> value_{-1};  // written under mutex_; every core problem has value >= 0
  std::vector<std::int32_t> items_;      // guarded by mutex_
  std::int64_t improvements_ = 0;        // guarded by mutex_
};

}  // namespace espalier::solver
