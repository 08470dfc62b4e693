#pragma once

#include "espalier/pruning/dataset.hpp"

namespace espalier::pruning::data {

/// Brings each feature to mean 0 and variance 1 over the training part, and the other parts by the
/// same shift and factor: nothing of them is known beforehand. Constant features become 0.
void standardize(DataSplit& split);

}  // namespace espalier::pruning::data
