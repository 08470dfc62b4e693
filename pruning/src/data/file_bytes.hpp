#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace espalier::pruning::data {

/// The whole file, decompressed if it is gzip (by content, not by name). Throws Error naming the
/// file when it is missing, unreadable, cut short, damaged, or goes on after the compressed data.
std::vector<std::uint8_t> read_file_bytes(const std::filesystem::path& file);

/// Decompresses zlib data (RFC 1950) that are part of `file`. Throws Error as above.
std::vector<std::uint8_t> inflate_zlib(const std::filesystem::path& file,
                                       std::span<const std::uint8_t> compressed);

}  // namespace espalier::pruning::data
