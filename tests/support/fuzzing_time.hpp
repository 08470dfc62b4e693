#pragma once

#include <chrono>
#include <cstdint>
#include <cstdlib>

namespace espalier::tests {

/// How long the tests tagged [fuzz] go on: ESPALIER_FUZZ_SECONDS, else 10 s.
inline std::chrono::nanoseconds fuzzing_time() {
  const char* variable = std::getenv("ESPALIER_FUZZ_SECONDS");
  const std::chrono::duration<double> time(variable != nullptr ? std::atof(variable) : 10.0);
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time);
}

/// Where they begin: ESPALIER_FUZZ_SEED, else a seed that no other test uses. Runs of the same seed
/// look at the same problems.
inline std::uint64_t first_fuzzing_seed() {
  const char* variable = std::getenv("ESPALIER_FUZZ_SEED");
  return variable != nullptr ? std::strtoull(variable, nullptr, 10) : std::uint64_t{1} << 32;
}

}  // namespace espalier::tests
