#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "espalier/pruning/network_trainer.hpp"

namespace espalier::pruning {

/// Whether a rejected trial lost more than twice what it may: something vital was cut. A near miss
/// only says that the network as a whole has become too small, which no other choice of layers
/// mends: sparing layers then ended a run on Fashion-MNIST at 87.8 % of the DSP blocks instead of
/// 90.1 %. There near misses lose up to 1.7 times what is allowed; jets that lack an output class
/// lose ten times that.
bool has_collapsed(double baseline, double required, double achieved) noexcept;

/// What one layer had to do with a rejection.
struct LayerTrial {
  double accuracy = 0.0;     ///< validation, with only this layer's share of the removals
  double share_freed = 0.0;  ///< of the baseline, by those removals
};

/// The layer that is to blame for a collapse: among those whose removals alone, before any tuning,
/// leave less than `required`, the one that loses most accuracy for what it frees; nothing when
/// there is none.
///
/// Values come from weights and cannot tell layers of few structures apart from others that matter
/// less: the output layer of a classifier may have one structure per class, and a norm that is
/// small within its layer. What a trial has shown is better evidence. The loop doubles the values
/// of that layer, so that the knapsack takes less from it and more from the others.
std::optional<std::size_t> layer_to_blame(const std::vector<LayerTrial>& trials,
                                          double accepted_accuracy, double required);

}  // namespace espalier::pruning
