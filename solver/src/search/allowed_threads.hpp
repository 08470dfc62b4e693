#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <thread>

#include <oneapi/tbb/global_control.h>

namespace espalier::solver {

/// Lets oneTBB run more threads than the machine has cores, for as long as it lives, where a search
/// asks for more.
///
/// oneTBB refuses, and says so on stderr, more threads than there are cores unless it is allowed
/// to. The limit is kept tight: where many short searches follow one another oneTBB may start new
/// threads up to it before the old ones are free again. Of all limits in a process the least holds,
/// so that none is set where none is needed.
class MoreThreads {
 public:
  explicit MoreThreads(int threads) {
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    const auto wanted = static_cast<std::size_t>(threads);
    if (wanted > cores) limit_.emplace(tbb::global_control::max_allowed_parallelism, wanted);
  }

 private:
  std::optional<tbb::global_control> limit_;
};

}  // namespace espalier::solver
