#include "loop/schedule.hpp"

#include <algorithm>
#include <cmath>

namespace espalier::pruning {

Schedule::Schedule(const PruneOptions& options, double final_target)
    : kind_(options.schedule),
      step_(options.step),
      polynomial_steps_(options.polynomial_steps),
      resolution_(options.binary_resolution),
      max_bad_trials_(options.max_bad_trials),
      final_(final_target) {}

double Schedule::planned() const noexcept {
  const int k = step_index_ + 1;
  switch (kind_) {
    case ScheduleKind::kConstant:
      return std::min(final_, accepted_ + step_);
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

std::optional<double> Schedule::next() const {
  if (accepted_ >= final_ || bad_trials_ >= max_bad_trials_) return std::nullopt;
  if (!rejected_) return planned();
  if (kind_ == ScheduleKind::kBinary) {
    if (*rejected_ - accepted_ < resolution_) return std::nullopt;
    return (accepted_ + *rejected_) / 2.0;
  }
  if (*half_step_ < resolution_ / 2.0) return std::nullopt;
  return std::min(final_, accepted_ + *half_step_);
}

void Schedule::record(double target, bool accepted) {
  if (accepted) {
    accepted_ = target;
    bad_trials_ = 0;
    if (!rejected_) ++step_index_;
  } else {
    rejected_ = std::min(rejected_.value_or(target), target);
    half_step_ = (target - accepted_) / 2.0;
    ++bad_trials_;
  }
}

}  // namespace espalier::pruning
