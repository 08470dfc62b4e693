#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "espalier/pruning/dataset.hpp"

namespace espalier::pruning::data {

/// Takes the last `count` samples off `data`, which has that many.
Dataset split_off(Dataset& data, std::size_t count);

/// The parts of a set of images that comes as a training and a test part in `directory`: the last
/// of every `validation_share` training images validates. Throws Error when one part stays empty.
DataSplit split_images(const std::string& data_set, const std::filesystem::path& directory,
                       Dataset train, Dataset test, std::size_t validation_share);

}  // namespace espalier::pruning::data
