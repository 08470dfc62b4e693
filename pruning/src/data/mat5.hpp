#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace espalier::pruning::data {

/// A numeric array of a MATLAB file, column-major as stored.
struct MatArray {
  enum class Type { kInt8, kUint8, kInt16, kUint16, kInt32, kUint32, kSingle, kDouble };

  std::string name;
  std::vector<std::int64_t> extents;
  Type type = Type::kUint8;  ///< of the bytes; MATLAB stores doubles in what they fit into
  std::vector<std::uint8_t> bytes;

  std::size_t size() const noexcept;
  double value(std::size_t i) const noexcept;
};

/// The real numeric arrays of a MAT-file of level 5 (MathWorks, "MAT-File Format"), the format that
/// MATLAB writes without -v7.3: little-endian, arrays compressed or not. Other kinds of arrays are
/// passed over. Throws Error naming the file and what is wrong with it.
std::vector<MatArray> read_mat5(const std::filesystem::path& file);

}  // namespace espalier::pruning::data
