#pragma once

#include <string>

#include "espalier/support/error.hpp"

namespace espalier::support {

[[noreturn]] inline void check_failed(const char* condition, const char* file, int line) {
  throw InternalError(std::string("internal error: ") + file + ":" + std::to_string(line) +
                      ": check failed: " + condition);
}

}  // namespace espalier::support

/// Always on: stands where a wrong answer could leave the library (a new incumbent, a bound that
/// closes the gap, a cut that enters the pool).
#define ESPALIER_CHECK(condition) \
  ((condition) ? void(0) : ::espalier::support::check_failed(#condition, __FILE__, __LINE__))

/// On in debug and sanitizer builds only.
#ifdef ESPALIER_DEBUG
#define ESPALIER_ASSERT(condition) ESPALIER_CHECK(condition)
#else
#define ESPALIER_ASSERT(condition) void(0)
#endif
