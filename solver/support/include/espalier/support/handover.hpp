#pragma once

#include <atomic>
#include <cstdint>

namespace espalier {

/// Says in our own atomics that one thread's work is ordered before another's.
///
/// oneTBB orders a task after what its creator did, and wait() after the tasks. It comes from the
/// distribution without ThreadSanitizer, which therefore cannot see that order and would report
/// every task. Code that hands work over calls publish() before and receive() after; whatever is
/// then still reported is a race of ours. Costs one uncontended atomic operation per task.
class Handover {
 public:
  /// What this thread has written is visible to whoever calls receive() from now on.
  void publish() noexcept { token_.fetch_add(1, std::memory_order_release); }
  /// Sees everything that was written before the calls of publish() so far.
  void receive() const noexcept { static_cast<void>(token_.load(std::memory_order_acquire)); }

 private:
  std::atomic<std::uint32_t> token_{0};
};

}  // namespace espalier
