#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "espalier/solver/instance_io.hpp"
#include "espalier/solver/result.hpp"

namespace espalier::solver {

const char* to_string(Status status) noexcept;  ///< "optimal", "feasible", "infeasible"
const char* to_string(
    StopReason reason) noexcept;  ///< "none", "time", "nodes", "memory", "interrupt"

/// One JSON object with the fields of `espalier solve --json`; objective and bound in the file's
/// units.
std::string result_to_json(const Instance& instance, const Result& result, int threads);

/// What a result file claims about one instance.
struct ClaimedResult {
  std::string instance;
  std::string status;
  std::string objective;  ///< decimal text, as written
  std::string bound;
  std::vector<std::int32_t> selected;
};

/// Reads a result file: one object, or an array of them. Throws Error naming the field.
std::vector<ClaimedResult> read_results(const std::filesystem::path& file);

/// Writes text to a temporary file beside `file` and renames it, so that `file` is never
/// half-written.
void write_file_atomically(const std::filesystem::path& file, std::string_view content);

}  // namespace espalier::solver
