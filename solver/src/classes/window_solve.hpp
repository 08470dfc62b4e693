#pragma once

#include <chrono>
#include <cstdint>
#include <span>

#include "espalier/solver/classes.hpp"

#include "classes/class_lp.hpp"
#include "classes/class_windows.hpp"
#include "classes/open_classes.hpp"

namespace espalier::solver {

/// Throws Error when the options are of no use.
void check_options(const SolveOptions& options);

/// One solve of a classed problem, from the windows around the thresholds to the answer. The time
/// counts from its construction.
class WindowSolve {
 public:
  /// Both must outlive the solve.
  WindowSolve(const ClassedProblem& problem, const SolveOptions& options)
      : problem_(problem), options_(options) {}

  /// `point` is the minimum of the dual over the windows, and is moved along where they are
  /// widened. The memory of `result` is used again.
  void run(const OpenClasses& open, ClassWindows& windows, LpPoint& point,
           ClassedResult& result) const;
  /// Says that there is no solution.
  void refuse(ClassedResult& result) const;

 private:
  double seconds() const;
  void take(const OpenClasses& open, std::span<const std::int64_t> open_counts,
            const ClassWindows& windows, ClassedResult& result) const;

  const ClassedProblem& problem_;
  const SolveOptions& options_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace espalier::solver
