#pragma once

#include <algorithm>
#include <cstdint>

#include <unistd.h>

namespace espalier {

/// `limit_mib`, but at least 1 and at most a `part`-th of the machine's memory: what a computation may
/// take that would rather stop than be killed.
inline std::int64_t within_physical_memory(std::int64_t limit_mib, std::int64_t part) {
  const auto pages = static_cast<std::int64_t>(sysconf(_SC_PHYS_PAGES));
  const auto page_bytes = static_cast<std::int64_t>(sysconf(_SC_PAGESIZE));
  const std::int64_t most_mib = std::max<std::int64_t>(1, pages * page_bytes / part >> 20);
  return std::clamp<std::int64_t>(limit_mib, 1, most_mib);
}

}  // namespace espalier
