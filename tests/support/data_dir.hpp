#pragma once

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>

namespace espalier::tests {

/// Exit code by which a data test tells CTest that it was skipped (SKIP_RETURN_CODE).
inline constexpr int kSkipped = 77;

/// The folder of real data: $ESPALIER_DATA, else ../shared/data beside the checkout. Empty, with a
/// loud line on stderr, when `file` is not in it.
inline std::optional<std::filesystem::path> find_data(const std::string& file) {
  const char* variable = std::getenv("ESPALIER_DATA");
  const std::filesystem::path root =
      variable != nullptr ? variable : std::filesystem::path(ESPALIER_SOURCE_DIR) / "../shared/data";
  if (std::filesystem::exists(root / file)) return root / file;
  std::cerr << "SKIPPED: " << (root / file).string()
            << " is missing; set ESPALIER_DATA to the data folder to run this test\n";
  return std::nullopt;
}

}  // namespace espalier::tests
