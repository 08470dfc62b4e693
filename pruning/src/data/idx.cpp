#include "data/idx.hpp"

#include <cstdio>
#include <span>
#include <string>

#include "espalier/support/error.hpp"

#include "data/file_bytes.hpp"

namespace espalier::pruning::data {
namespace {

constexpr std::uint32_t kImageMagic = 0x00000803;
constexpr std::uint32_t kLabelMagic = 0x00000801;
// Rows and columns of an image; keeps products below 64 bits.
constexpr std::uint32_t kMaxSide = 1U << 15;

std::uint32_t big_endian(std::span<const std::uint8_t> bytes, std::size_t word) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | bytes[word * 4 + i];
  return value;
}

std::string hexadecimal(std::uint32_t value) {
  char text[11];
  std::snprintf(text, sizeof text, "0x%08x", value);
  return text;
}

/// Checks the header's presence and magic number.
void check_header(const std::string& file, std::span<const std::uint8_t> bytes,
                  std::size_t num_words, std::uint32_t magic, const char* what) {
  if (bytes.size() < num_words * 4) {
    throw Error(file, 0,
                "has " + std::to_string(bytes.size()) + " bytes; expected an IDX header of " +
                    std::to_string(num_words * 4));
  }
  if (big_endian(bytes, 0) != magic) {
    throw Error(file, 0,
                "begins with " + hexadecimal(big_endian(bytes, 0)) + "; expected " +
                    hexadecimal(magic) + ", the mark of an IDX file of " + what);
  }
}

void check_size(const std::string& file, std::size_t actual, std::uint64_t expected,
                const std::string& content) {
  if (actual == expected) return;
  throw Error(file, 0,
              (actual < expected ? "is cut short: it has " : "has trailing bytes: it has ") +
                  std::to_string(actual) + " bytes; expected " + std::to_string(expected) +
                  " for " + content);
}

}  // namespace

IdxImages read_idx_images(const std::filesystem::path& path) {
  constexpr std::size_t kHeader = 4;
  const std::string file = path.string();
  std::vector<std::uint8_t> bytes = read_file_bytes(path);
  check_header(file, bytes, kHeader, kImageMagic, "images");
  const std::uint32_t count = big_endian(bytes, 1);
  const std::uint32_t rows = big_endian(bytes, 2);
  const std::uint32_t columns = big_endian(bytes, 3);
  const std::string content = std::to_string(count) + " images of " + std::to_string(rows) + "x" +
                              std::to_string(columns) + " pixels";
  if (rows < 1 || rows > kMaxSide || columns < 1 || columns > kMaxSide) {
    throw Error(file, 0,
                "announces " + content + "; expected sides in 1.." + std::to_string(kMaxSide));
  }
  check_size(file, bytes.size(), kHeader * 4 + std::uint64_t{count} * rows * columns, content);
  bytes.erase(bytes.begin(), bytes.begin() + kHeader * 4);
  return {.count = count, .rows = rows, .columns = columns, .pixels = std::move(bytes)};
}

std::vector<std::uint8_t> read_idx_labels(const std::filesystem::path& path, int num_classes) {
  constexpr std::size_t kHeader = 2;
  const std::string file = path.string();
  std::vector<std::uint8_t> bytes = read_file_bytes(path);
  check_header(file, bytes, kHeader, kLabelMagic, "labels");
  const std::uint32_t count = big_endian(bytes, 1);
  check_size(file, bytes.size(), kHeader * 4 + std::uint64_t{count},
             std::to_string(count) + " labels");
  bytes.erase(bytes.begin(), bytes.begin() + kHeader * 4);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] >= num_classes) {
      throw Error(file, 0,
                  "label " + std::to_string(i) + " is " + std::to_string(bytes[i]) +
                      "; expected 0.." + std::to_string(num_classes - 1));
    }
  }
  return bytes;
}

}  // namespace espalier::pruning::data
