#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace espalier::pruning::data {

/// Grey images of an IDX file: bytes, image after image, row after row.
struct IdxImages {
  std::size_t count = 0;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<std::uint8_t> pixels;
};

/// Reads IDX files (Y. LeCun, C. Cortes, C. Burges, "The MNIST database", section "File formats"):
/// big-endian magic number 0x00000803, count, rows, columns, then one byte per pixel. Throws Error
/// naming the file unless its size is exactly what its header says.
IdxImages read_idx_images(const std::filesystem::path& file);

/// Magic number 0x00000801, count, then one byte per label, each below num_classes.
std::vector<std::uint8_t> read_idx_labels(const std::filesystem::path& file, int num_classes);

}  // namespace espalier::pruning::data
