#pragma once

#include <algorithm>
#include <chrono>

#include <sys/resource.h>

namespace espalier::bench {

inline double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Processor time of the whole process, in seconds.
inline double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// The least of several measurements, by wall and by processor clock.
class LeastTime {
 public:
  template <typename Work>
  auto measure(Work work) {
    const double wall_begin = now();
    const double processor_begin = processor_seconds();
    auto result = work();
    wall = std::min(wall, now() - wall_begin);
    processor = std::min(processor, processor_seconds() - processor_begin);
    return result;
  }

  double wall = 1e9;
  double processor = 1e9;
};

}  // namespace espalier::bench
