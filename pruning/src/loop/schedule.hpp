#pragma once

#include <optional>

#include "espalier/pruning/prune.hpp"

namespace espalier::pruning {

/// Which sparsity to try next, given what was accepted and what was not.
///
/// Until something is rejected the targets follow the plan: equal steps (constant), the cubic
/// s_k = s_f + (s_i - s_f)(1 - k/K)^3 from s_i = 0 (Zhu and Gupta 2017), or halves of what is left
/// (binary). After a rejection
///   - constant and polynomial go on from the last accepted target with half the step that failed,
///     and halve it again at every rejection. A target that was rejected once may be met again from
///     nearer: fine-tuning in between has moved what matters into the structures that are kept;
///   - binary halves the interval between the last accepted and the lowest rejected target.
///
/// Ends when the final target is accepted, when `max_bad_trials` targets in a row were rejected, or
/// when step or interval are smaller than `binary_resolution`.
class Schedule {
 public:
  /// `final_target` is the largest target ever tried, in (0, 1].
  Schedule(const PruneOptions& options, double final_target);

  /// The next target, nothing when the schedule has ended.
  std::optional<double> next() const;

  /// The verdict on the target that next() gave.
  void record(double target, bool accepted);

  double accepted_target() const noexcept { return accepted_; }

 private:
  double planned() const noexcept;

  ScheduleKind kind_;
  double step_;
  int polynomial_steps_;
  double resolution_;
  int max_bad_trials_;
  double final_;
  double accepted_ = 0.0;
  std::optional<double> rejected_;   ///< the lowest one
  std::optional<double> half_step_;  ///< since the first rejection
  int step_index_ = 0;               ///< accepted steps of the plan
  int bad_trials_ = 0;               ///< in a row
};

}  // namespace espalier::pruning
