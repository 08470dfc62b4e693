#pragma once

#include <algorithm>
#include <thread>

namespace espalier {

/// Of the threads asked for as many as can run at once: one per processor that the process may use.
///
/// More would only take turns, each with a piece of the tree in hand that nobody else can prune, and
/// oneTBB complains of them on stderr.
inline int useful_threads(int wanted) {
  return std::min(wanted, static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
}

}  // namespace espalier
