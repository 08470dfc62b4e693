#include "nn/loss.hpp"

#include <algorithm>
#include <cmath>

namespace espalier::pruning::nn {

double softmax_cross_entropy(const float* logits, int num_classes, std::int32_t label, float scale,
                             float* gradient) noexcept {
  const float largest = *std::max_element(logits, logits + num_classes);
  float sum = 0.0F;
  for (int c = 0; c < num_classes; ++c) {
    gradient[c] = std::exp(logits[c] - largest);
    sum += gradient[c];
  }
  const float factor = scale / sum;
  for (int c = 0; c < num_classes; ++c) gradient[c] *= factor;
  gradient[label] -= scale;
  return std::log(static_cast<double>(sum)) - static_cast<double>(logits[label] - largest);
}

int largest_logit(const float* logits, int num_classes) noexcept {
  return static_cast<int>(std::max_element(logits, logits + num_classes) - logits);
}

}  // namespace espalier::pruning::nn
