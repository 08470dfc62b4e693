#pragma once

#include <filesystem>
#include <string>

namespace espalier::pruning::data {

/// Throws Error when `directory` is none; `content` says what was to be in it.
void require_folder(const std::filesystem::path& directory, const std::string& content);

/// The file itself or its compressed form, whichever is there; throws Error otherwise.
std::filesystem::path find_file(const std::filesystem::path& directory, const std::string& name,
                                const std::string& data_set);

}  // namespace espalier::pruning::data
