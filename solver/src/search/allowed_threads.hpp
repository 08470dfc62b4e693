#pragma once

#include <algorithm>
#include <cstddef>
#include <thread>

namespace espalier::solver {

/// The limit to set on oneTBB's threads while a search with `threads` of its own runs.
///
/// oneTBB refuses, and says so on stderr, more threads than the machine has cores unless it is
/// allowed to. The limit is kept tight all the same: where many short searches follow one another
/// oneTBB may start new threads up to it before the old ones are free again.
inline std::size_t threads_to_allow(int threads) {
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  return std::max(cores, static_cast<std::size_t>(threads));
}

}  // namespace espalier::solver
