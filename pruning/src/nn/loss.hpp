#pragma once

#include <cstdint>

namespace espalier::pruning::nn {

/// Cross-entropy -log softmax(logits)[label], computed from the largest logit downwards so that
/// nothing overflows. Writes its gradient by the logits, softmax - onehot, times `scale`.
double softmax_cross_entropy(const float* logits, int num_classes, std::int32_t label, float scale,
                             float* gradient) noexcept;

/// Index of the largest logit, the first one of equals.
int largest_logit(const float* logits, int num_classes) noexcept;

}  // namespace espalier::pruning::nn
