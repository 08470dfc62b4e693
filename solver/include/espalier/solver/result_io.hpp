#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "espalier/solver/instance_io.hpp"
#include "espalier/solver/result.hpp"

namespace espalier::solver {

/// "optimal", "feasible", "infeasible".
const char* to_string(Status status) noexcept;
/// "none", "time", "nodes", "memory", "interrupt".
const char* to_string(StopReason reason) noexcept;

/// One JSON object, on one line, with the fields of `espalier solve --json`. Objective and bound
/// are exact decimal numbers in the file's units, or null when the status is infeasible.
std::string result_to_json(const Instance& instance, const Result& result, int threads);

/// What a result file claims about one instance. Nothing of it has been tested but its types.
struct ClaimedResult {
  std::string instance;  ///< empty where the file does not say
  std::string status;
  std::string objective;  ///< decimal text, as written; empty for null
  std::string bound;      ///< likewise
  std::vector<std::int32_t> selected;
  std::optional<std::int64_t> num_items;  ///< the fields n and m, where the file has them
  std::optional<std::int64_t> num_rows;
};

/// Reads a result file: one object, or an array of them. The fields status, objective, bound and
/// selected must be there; unknown fields are passed over. Throws Error that names the field, or
/// the line of a syntax error.
std::vector<ClaimedResult> read_results(const std::filesystem::path& file);

/// The same from memory; `name` stands in for the file name.
std::vector<ClaimedResult> read_results_from_text(const std::string& text, const std::string& name);

/// Writes text to a temporary file beside `file` and renames it, so that `file` is never
/// half-written. On failure the old file is as it was, the temporary one is gone, and Error names
/// the file. Devices and pipes are written to directly.
void write_file_atomically(const std::filesystem::path& file, std::string_view content);

/// What a file is to hold.
struct FileContent {
  std::filesystem::path file;
  std::string_view content;
};
/// The same for files that belong together: all are written before the first is renamed.
void write_files_atomically(std::span<const FileContent> files);

}  // namespace espalier::solver
