#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace espalier::pruning {

/// One array of an archive; `values` are row-major.
struct NamedArray {
  std::string name;
  std::vector<std::int64_t> shape;
  std::span<const std::uint8_t> values;
};

/// An uncompressed NumPy archive (.npz): a ZIP file of stored entries `NAME.npy`, each in format
/// 1.0 of numpy.lib.format with dtype uint8, C order. Throws Error when an entry or the archive
/// reaches 4 GiB, the limit of ZIP without extensions.
std::string write_npz(const std::vector<NamedArray>& arrays);

}  // namespace espalier::pruning
