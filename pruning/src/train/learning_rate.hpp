#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

namespace espalier::pruning::nn {

/// Cosine annealing without restarts (Loshchilov and Hutter, "SGDR", 2017, equation 5): from
/// `start` at step 0 along half a cosine to start * final_fraction at step num_steps.
inline double cosine_learning_rate(double start, double final_fraction, std::int64_t step,
                                   std::int64_t num_steps) noexcept {
  const double progress = static_cast<double>(step) / static_cast<double>(num_steps);
  const double falling = 0.5 * (1.0 + std::cos(std::numbers::pi * progress));
  return start * (final_fraction + (1.0 - final_fraction) * falling);
}

}  // namespace espalier::pruning::nn
