#pragma once

#include <chrono>

#include "one_row/one_row.hpp"

namespace espalier::solver::one_row {

/// Time limit and stop request of one solve. Once expired it stays expired.
class LimitWatch {
 public:
  explicit LimitWatch(const OneRowLimits& limits) : limits_(limits), start_(Clock::now()) {}

  bool expired() {
    if (reason_ != StopReason::kNone) return true;
    if (limits_.stop.stop_requested()) {
      reason_ = StopReason::kInterrupt;
    } else if (seconds() >= limits_.time_limit_seconds) {
      reason_ = StopReason::kTimeLimit;
    }
    return reason_ != StopReason::kNone;
  }

  StopReason reason() const noexcept { return reason_; }

 private:
  using Clock = std::chrono::steady_clock;

  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

  OneRowLimits limits_;
  Clock::time_point start_;
  StopReason reason_ = StopReason::kNone;
};

}  // namespace espalier::solver::one_row
