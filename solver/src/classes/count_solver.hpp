#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "espalier/solver/options.hpp"
#include "espalier/solver/result.hpp"

#include "classes/class_curve.hpp"
#include "classes/class_lp.hpp"

namespace espalier::solver {

/// The curves of all open classes, of which more can be had where they prove too short.
class CurveSource {
 public:
  virtual ~CurveSource() = default;
  virtual std::span<const ClassCurve> curves() const = 0;
  /// Lengthens the curves of these classes and returns the minimum of the dual over the new ones.
  virtual LpPoint widen(std::span<const std::size_t> classes, LpPoint point) = 0;
};

/// What a CountSolver needs to know besides the curves.
struct CountTask {
  std::span<const std::int64_t> capacities;
  std::int64_t max_profit = 0;
  std::int64_t profit_unit = 1;
  /// Threads and limits; `seconds_gone` of the time limit are over.
  const SolveOptions* options = nullptr;
  std::function<double()> seconds_gone;
};

/// Counts per open class and what is proven of them.
struct CountSolution {
  std::vector<std::int64_t> counts;
  /// No solution is better by more; 0 when optimal.
  std::int64_t possible_gain = 0;
  StopReason stop_reason = StopReason::kNone;
  double lp_gap = 0.0;  ///< to the bound at the multipliers
  std::int64_t vectors = 0;
  std::int64_t general_items = 0;
  std::int64_t general_nodes = 0;
};

/// Best counts from the minimum of the dual: by the search over counts, or by the general search on
/// the core where that is faster. `point` is moved along when curves are widened.
CountSolution solve_counts(const CountTask& task, CurveSource& source, LpPoint& point);

}  // namespace espalier::solver
