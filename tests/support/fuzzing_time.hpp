#pragma once

#include <chrono>
#include <cstdlib>

namespace espalier::tests {

/// How long the tests tagged [fuzz] go on: ESPALIER_FUZZ_SECONDS, else 10 s.
inline std::chrono::nanoseconds fuzzing_time() {
  const char* variable = std::getenv("ESPALIER_FUZZ_SECONDS");
  const std::chrono::duration<double> time(variable != nullptr ? std::atof(variable) : 10.0);
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time);
}

}  // namespace espalier::tests
