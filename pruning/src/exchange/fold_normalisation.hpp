#pragma once

#include <span>
#include <string>
#include <vector>

#include "espalier/resource_model/network.hpp"

namespace espalier::pruning {

/// Kernel and bias of one hardware layer while a model is put together; empty for layers without.
struct LayerParameters {
  std::vector<float> kernel;  ///< Keras layout
  std::vector<float> bias;
};

/// A batch normalisation at work: y = factor * x + shift, one pair per channel.
struct ChannelScaling {
  std::vector<double> factor;
  std::vector<double> shift;
};

/// Merges scaling k into the kernel of layer k - 1, or of the next kernel after it, whichever is
/// exact, and removes layer k from `hardware` and `parameters`. Throws Error naming file and layer
/// when neither is.
void fold_scaling(resource_model::Network& hardware, std::vector<LayerParameters>& parameters,
                  std::size_t k, const ChannelScaling& scaling, const std::string& file);

}  // namespace espalier::pruning
