#include "report/npz.hpp"

#include <limits>

#include <zlib.h>

#include "espalier/support/error.hpp"

namespace espalier::pruning {
namespace {

constexpr std::uint32_t kLocalHeader = 0x04034b50;
constexpr std::uint32_t kCentralHeader = 0x02014b50;
constexpr std::uint32_t kEndOfCentralDirectory = 0x06054b50;
constexpr std::uint16_t kVersionNeeded = 20;         // ZIP 2.0
constexpr std::uint16_t kJanuaryFirst1980 = 0x0021;  // a fixed date: same content, same bytes

/// Little-endian integer of `bytes` bytes.
void append(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>((value >> (8 * i)) & 0xff);
}

/// Lengths and offsets of plain ZIP have 32 bits.
std::uint32_t checked_length(std::size_t value) {
  if (value >= std::numeric_limits<std::uint32_t>::max()) {
    throw Error("a mask archive has " + std::to_string(value) + " bytes; expected below 4 GiB");
  }
  return static_cast<std::uint32_t>(value);
}

std::string npy_of(const NamedArray& array) {
  std::string header = "{'descr': '|u1', 'fortran_order': False, 'shape': (";
  for (const std::int64_t size : array.shape) header += std::to_string(size) + ", ";
  header += "), }";
  // Magic, version and length take 10 bytes; the header ends in a newline on a multiple of 64.
  header.append(63 - (10 + header.size()) % 64, ' ');
  header += '\n';
  std::string npy("\x93NUMPY\x01\x00", 8);
  append(npy, header.size(), 2);
  npy += header;
  npy.append(array.values.begin(), array.values.end());
  return npy;
}

/// The fields that local and central headers share, from "version needed" to the lengths.
void append_entry_fields(std::string& out, const std::string& name, const std::string& content) {
  const auto length = checked_length(content.size());
  const auto crc = crc32_z(0, reinterpret_cast<const Bytef*>(content.data()), content.size());
  append(out, kVersionNeeded, 2);
  append(out, 0, 2);  // flags
  append(out, 0, 2);  // stored
  append(out, 0, 2);  // midnight
  append(out, kJanuaryFirst1980, 2);
  append(out, crc, 4);
  append(out, length, 4);  // compressed
  append(out, length, 4);
  append(out, name.size(), 2);
  append(out, 0, 2);  // extra field
}

}  // namespace

std::string write_npz(const std::vector<NamedArray>& arrays) {
  std::string zip;
  std::string directory;
  for (const NamedArray& array : arrays) {
    const std::string name = array.name + ".npy";
    const std::string content = npy_of(array);
    const auto offset = checked_length(zip.size());
    append(zip, kLocalHeader, 4);
    append_entry_fields(zip, name, content);
    zip += name + content;

    append(directory, kCentralHeader, 4);
    append(directory, kVersionNeeded, 2);  // made by
    append_entry_fields(directory, name, content);
    append(directory, 0, 2);  // comment
    append(directory, 0, 2);  // disk
    append(directory, 0, 2);  // internal attributes
    append(directory, 0, 4);  // external attributes
    append(directory, offset, 4);
    directory += name;
  }
  const auto directory_offset = checked_length(zip.size());
  zip += directory;
  append(zip, kEndOfCentralDirectory, 4);
  append(zip, 0, 2);  // this disk
  append(zip, 0, 2);  // disk of the directory
  append(zip, arrays.size(), 2);
  append(zip, arrays.size(), 2);
  append(zip, directory.size(), 4);
  append(zip, directory_offset, 4);
  append(zip, 0, 2);  // comment
  return zip;
}

}  // namespace espalier::pruning
