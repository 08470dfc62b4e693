#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "espalier/solver/options.hpp"
#include "espalier/solver/result.hpp"

namespace espalier::solver {

/// Clock and limits of one solve. All members may be called from any thread.
class Limits {
 public:
  explicit Limits(const SolveOptions& options) : options_(options) {}

  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

  /// Adds finished nodes and newly reserved memory, and looks at every limit; true when the search
  /// has to end.
  bool poll(std::int64_t new_nodes, std::int64_t new_bytes) {
    count(new_nodes, new_bytes);
    if (nodes() >= options_.node_limit) request(StopReason::kNodeLimit);
    return stopped();
  }

  /// The same without the node limit, for searches that must not stop at a node count that depends
  /// on the timing of threads.
  bool poll_but_nodes(std::int64_t new_nodes, std::int64_t new_bytes) {
    count(new_nodes, new_bytes);
    return stopped();
  }

  /// Ends the search because a part of it failed; the failure itself travels as an exception.
  void cancel() { request(StopReason::kInterrupt); }

  bool stopped() const noexcept {
    return reason_.load(std::memory_order_relaxed) != StopReason::kNone;
  }
  StopReason reason() const noexcept { return reason_.load(std::memory_order_relaxed); }
  std::int64_t nodes() const noexcept { return nodes_.load(std::memory_order_relaxed); }

 private:
  void count(std::int64_t new_nodes, std::int64_t new_bytes) {
    nodes_.fetch_add(new_nodes, std::memory_order_relaxed);
    const std::int64_t bytes = bytes_.fetch_add(new_bytes, std::memory_order_relaxed) + new_bytes;
    if (options_.stop.stop_requested()) request(StopReason::kInterrupt);
    if (seconds() >= options_.time_limit_seconds) request(StopReason::kTimeLimit);
    if (bytes >> 20 >= options_.memory_limit_mib) request(StopReason::kMemoryLimit);
  }

  /// The first reason stays.
  void request(StopReason reason) {
    StopReason expected = StopReason::kNone;
    reason_.compare_exchange_strong(expected, reason, std::memory_order_relaxed);
  }

  const SolveOptions& options_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::atomic<std::int64_t> nodes_{0};
  std::atomic<std::int64_t> bytes_{0};
  std::atomic<StopReason> reason_{StopReason::kNone};
};

}  // namespace espalier::solver
