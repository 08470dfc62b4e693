#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

#include "espalier/pruning/train.hpp"

namespace espalier::pruning::nn {

/// Cosine annealing without restarts (Loshchilov and Hutter, "SGDR", 2017, equation 5): 1 at
/// progress 0, along half a cosine to `final_fraction` at progress 1.
inline double cosine_decay(double progress, double final_fraction) noexcept {
  const double falling = 0.5 * (1.0 + std::cos(std::numbers::pi * progress));
  return final_fraction + (1.0 - final_fraction) * falling;
}

/// What the schedule leaves of the learning rate at `progress` in [0, 1].
inline double scheduled_fraction(LearningRateSchedule schedule, double progress,
                                 double final_fraction) noexcept {
  switch (schedule) {
    case LearningRateSchedule::kCosine:
      return cosine_decay(progress, final_fraction);
    case LearningRateSchedule::kConstant:
      return 1.0;
    case LearningRateSchedule::kExponential:
      return std::pow(final_fraction, progress);
    case LearningRateSchedule::kSteps:
      return progress < 0.5 ? 1.0 : progress < 0.75 ? std::sqrt(final_fraction) : final_fraction;
  }
  return 1.0;
}

/// Learning rate of step `step` of `num_steps`, counted from 0: a linear rise over the warm-up,
/// which ends at the full rate, then the schedule.
inline double learning_rate_at(const TrainOptions& options, std::int64_t step,
                               std::int64_t num_steps) noexcept {
  const auto start = static_cast<double>(options.learning_rate);
  const double done = static_cast<double>(step) / static_cast<double>(num_steps);
  const auto warmup = static_cast<double>(options.warmup_fraction);
  if (done < warmup)
    return start * static_cast<double>(step + 1) / (warmup * static_cast<double>(num_steps) + 1.0);
  return start * scheduled_fraction(options.schedule, (done - warmup) / (1.0 - warmup),
                                    static_cast<double>(options.final_learning_rate_fraction));
}

}  // namespace espalier::pruning::nn
