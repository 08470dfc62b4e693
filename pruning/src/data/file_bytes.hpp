#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace espalier::pruning::data {

/// The whole file, decompressed if it is gzip (by content, not by name). Throws Error naming the
/// file when it is missing, unreadable, cut short, damaged, or goes on after the compressed data.
std::vector<std::uint8_t> read_file_bytes(const std::filesystem::path& file);

}  // namespace espalier::pruning::data
