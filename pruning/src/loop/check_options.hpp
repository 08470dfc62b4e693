#pragma once

#include "espalier/pruning/prune.hpp"

namespace espalier::pruning {

/// Throws Error naming the option that is out of its range.
void check_options(const PruneOptions& options);

}  // namespace espalier::pruning
