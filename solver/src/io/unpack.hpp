#pragma once

#include <filesystem>
#include <string>

namespace espalier::solver::io {

/// The bytes of a file, as they are. Throws Error when it cannot be read.
std::string read_bytes(const std::filesystem::path& file);

bool is_gzip(const std::string& bytes) noexcept;

/// Unpacks gzip data of one or more members (RFC 1952). Throws Error, naming `file`, when the data
/// are truncated, fail their checksum or length, or are followed by anything else.
std::string unpack_gzip(const std::string& bytes, const std::string& file);

}  // namespace espalier::solver::io
