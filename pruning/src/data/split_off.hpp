#pragma once

#include <cstddef>

#include "espalier/pruning/dataset.hpp"

namespace espalier::pruning::data {

/// Takes the last `count` samples off `data`, which has that many.
Dataset split_off(Dataset& data, std::size_t count);

}  // namespace espalier::pruning::data
