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
///     halve it again at every rejection and double it after three acceptances in a row, up to the
///     plan's step. A target that was rejected once may be met again from nearer: fine-tuning in
///     between has moved what matters into the structures that are kept;
///   - binary halves the interval between the last accepted and the lowest rejected target.
///
/// Ends when the final target is accepted; once something was accepted, when `max_bad_trials`
/// targets in a row were rejected or the limit is known to `resolution`; before that, only when a
/// single structure was too much.
class Schedule {
 public:
  /// `final_target` is the largest target ever tried, in (0, 1]; `smallest_step` the share of the
  /// smallest structure, below which targets differ in nothing.
  Schedule(const PruneOptions& options, double final_target, double smallest_step);

  /// The next target, nothing when the schedule has ended.
  std::optional<double> next() const;

  /// The verdict on the target that next() gave.
  void record(double target, bool accepted);

  double accepted_target() const noexcept { return accepted_; }

 private:
  double planned() const noexcept;
  bool has_ended() const noexcept;

  ScheduleKind kind_;
  double plan_step_;
  int polynomial_steps_;
  double resolution_;
  int max_bad_trials_;
  double final_;
  double smallest_step_;
  double accepted_ = 0.0;
  std::optional<double> rejected_;  ///< the lowest one
  double step_ = 0.0;               ///< since the first rejection
  int step_index_ = 0;              ///< accepted steps of the plan
  int bad_trials_ = 0;              ///< in a row
  int good_trials_ = 0;             ///< in a row, since the step changed
};

}  // namespace espalier::pruning
