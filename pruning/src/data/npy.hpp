#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace espalier::pruning::data {

/// An array of a NumPy file; values as doubles, row-major.
struct NpyArray {
  std::vector<std::int64_t> shape;
  std::vector<double> values;
};

/// Reads a .npy file (numpy.lib.format 1.0 to 3.0) of numbers: booleans, integers and floats of up
/// to 64 bits, little-endian, C order; plain or gzip. Throws Error naming the file and what is not
/// as it should be.
NpyArray read_npy(const std::filesystem::path& file);

}  // namespace espalier::pruning::data
