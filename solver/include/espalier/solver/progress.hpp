#pragma once

#include <cstdint>
#include <limits>
#include <span>

namespace espalier::solver {

/// `bound` of an event before any bound is known.
inline constexpr std::int64_t kNoBound = std::numeric_limits<std::int64_t>::max();

/// A new best solution. `selected` is only valid during the call.
struct IncumbentEvent {
  double seconds = 0.0;
  std::int64_t objective = 0;
  std::int64_t bound = 0;
  /// 'S' starting solution, 'H' heuristic, 'N' neighbourhood of a solution, 'M' pair of deviations
  /// from the relaxation (meet in the middle), 'T' tree, 'D' dynamic program, 'P' presolve, 'C' item
  /// classes.
  char source = ' ';
  std::span<const std::int32_t> selected;
  /// Branch-and-bound nodes by then; threads report theirs in steps of some dozens.
  std::int64_t nodes = 0;
};

/// State of the search, sent about once a second and at the end of each phase.
struct HeartbeatEvent {
  double seconds = 0.0;
  std::int64_t nodes = 0;
  /// Subtrees waiting for a thread.
  std::int64_t open = 0;
  std::int64_t objective = 0;
  std::int64_t bound = 0;
  std::int64_t cuts = 0;
  std::int64_t lp_iterations = 0;
};

/// What presolve left over.
struct PresolveEvent {
  double seconds = 0.0;
  int items_before = 0, items_after = 0;
  int rows_before = 0, rows_after = 0;
};

/// Receives the events of a solve. Calls never overlap, but may come from any of the solve's
/// threads; they should be short. An exception thrown here stops the solve and is passed on.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on_presolve(const PresolveEvent&) {}
  virtual void on_incumbent(const IncumbentEvent&) {}
  virtual void on_heartbeat(const HeartbeatEvent&) {}
};

}  // namespace espalier::solver
