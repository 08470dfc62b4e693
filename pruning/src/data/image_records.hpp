#pragma once

#include <filesystem>

#include "espalier/pruning/dataset.hpp"

namespace espalier::pruning::data {

/// Appends the images of a file of records as CIFAR-10 has them: a label byte, then 32x32 red,
/// green and blue bytes. Pixels become value / 255. Plain or gzip. Throws Error naming the file
/// when it is no whole number of records or a label is above 9.
void append_image_records(const std::filesystem::path& file, Dataset& data);

/// An empty set of 32x32x3 images of ten classes.
Dataset empty_color_images();

}  // namespace espalier::pruning::data
