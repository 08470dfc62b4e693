#pragma once

#include <string>

#include "espalier/pruning/dataset.hpp"
#include "espalier/pruning/sequential.hpp"
#include "espalier/pruning/train.hpp"

namespace espalier::pruning::nn {

/// Throws Error unless the data is not empty, complete, of the network's input shape, and every
/// label is a class that the network has. `what` names the data ("training data").
void check_data(const Sequential& network, const Dataset& data, const std::string& what);

/// Throws Error naming the layer unless the masks fit the network.
void check_masks(const Sequential& network, const KernelMasks& masks);

/// Throws Error naming the field unless the options make sense for the network.
void check_options(const Sequential& network, const TrainOptions& options);

}  // namespace espalier::pruning::nn
