#include "loop/schedule.hpp"

#include <algorithm>
#include <cmath>

namespace espalier::pruning {
namespace {

// Fewer make the step jump to and fro at the limit, where every rejection costs a fine-tuning.
constexpr int kAcceptancesToDouble = 3;

}  // namespace

Schedule::Schedule(const PruneOptions& options, double final_target, double smallest_step)
    : kind_(options.schedule),
      plan_step_(options.step),
      polynomial_steps_(options.polynomial_steps),
      resolution_(options.resolution),
      max_bad_trials_(options.max_bad_trials),
      final_(final_target),
      smallest_step_(std::min(smallest_step, final_target)) {}

double Schedule::planned() const noexcept {
  const int k = step_index_ + 1;
  switch (kind_) {
    case ScheduleKind::kConstant:
      return std::min(final_, accepted_ + plan_step_);
    case ScheduleKind::kPolynomial: {
      if (k >= polynomial_steps_) return final_;
      const double rest = 1.0 - static_cast<double>(k) / polynomial_steps_;
      return final_ * (1.0 - rest * rest * rest);
    }
    case ScheduleKind::kBinary:
      return final_ - accepted_ < resolution_ ? final_ : (accepted_ + final_) / 2.0;
  }
  return final_;
}

bool Schedule::has_ended() const noexcept {
  if (accepted_ >= final_) return true;
  if (!rejected_) return false;
  if (accepted_ == 0.0) return step_ < smallest_step_;
  if (bad_trials_ >= max_bad_trials_) return true;
  return kind_ == ScheduleKind::kBinary ? *rejected_ - accepted_ < resolution_
                                        : step_ < resolution_ / 2.0;
}

std::optional<double> Schedule::next() const {
  if (has_ended()) return std::nullopt;
  if (!rejected_) return planned();
  // With nothing accepted both are half of what was rejected, but not below one structure.
  if (kind_ == ScheduleKind::kBinary && accepted_ > 0.0) return (accepted_ + *rejected_) / 2.0;
  return std::min(final_, accepted_ + step_);
}

void Schedule::record(double target, bool accepted) {
  if (!accepted) {
    rejected_ = std::min(rejected_.value_or(target), target);
    const double failed_step = target - accepted_;
    step_ = failed_step / 2.0;
    if (accepted_ == 0.0 && failed_step > smallest_step_) step_ = std::max(step_, smallest_step_);
    ++bad_trials_;
    good_trials_ = 0;
    return;
  }
  accepted_ = target;
  bad_trials_ = 0;
  if (!rejected_) {
    ++step_index_;
  } else if (++good_trials_ == kAcceptancesToDouble) {
    step_ *= 2.0;
    if (kind_ == ScheduleKind::kConstant) step_ = std::min(step_, plan_step_);
    good_trials_ = 0;
  }
}

}  // namespace espalier::pruning
