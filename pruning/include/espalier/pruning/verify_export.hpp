#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace espalier::pruning {

/// One layer with weights of an exported model, counted from its files.
struct VerifiedLayer {
  std::string name;
  std::int64_t multipliers = 0;       ///< lanes of the unpruned layer
  std::int64_t multipliers_used = 0;  ///< those with some weight that is not zero
  std::int64_t dsp = 0;
  std::int64_t bram18 = 0;
  /// The number of multipliers that the generated project allows; absent without a project.
  std::optional<std::int64_t> hls4ml_limit = {};
  std::string note = {};  ///< why the limit is not multipliers_used, if it is not
};

/// What verify_export() found.
struct ExportVerification {
  std::vector<VerifiedLayer> layers;
  std::vector<std::string> problems;  ///< one line for each promise that the files break

  bool ok() const noexcept { return problems.empty(); }
};

/// Holds an export against its report: reads model.h5 and hls4ml.json of `folder` back, counts the
/// multipliers and memory that their zeros leave, and compares them with report.json, per layer and
/// in total. Where convert.py has made the project (hls/), reads the multiplier limits that hls4ml
/// derived from the weights.
///
/// hls4ml derives a limit in two ways. ResourceUnrolled counts idle multipliers as they are counted
/// here, but starts from N / min(n_in, RF), so that the limit is too high for RF > n_in. The other
/// strategies get N / RF less (zero weights) / RF: with Latency that counts zeros wherever they are,
/// and strategy Resource builds its N / RF multipliers all the same.
///
/// Throws Error when files are missing or cannot be read.
ExportVerification verify_export(const std::filesystem::path& folder);

}  // namespace espalier::pruning
