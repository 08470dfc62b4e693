#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace espalier::pruning {

/// What a child process may use before it is ended.
struct IsolationLimits {
  std::size_t max_output_bytes = std::size_t{1} << 30;
  std::size_t max_memory_bytes = std::size_t{2} << 30;  ///< on top of what the process has
  int max_cpu_seconds = 60;
  int max_wait_seconds = 300;
};

/// How the child ended.
struct IsolatedResult {
  std::string output;  ///< everything that it wrote, complete only when `succeeded`
  bool succeeded = false;
};

/// Takes bytes of the child's output; false when the parent no longer listens.
using ByteSink = std::function<bool(std::string_view)>;

/// Runs `work` in a forked child and returns what it wrote to the sink.
///
/// For parsers of foreign files whose library was not made for hostile input: whatever they do to
/// themselves, a crash, endless loop or hunger for memory, ends the child and is reported as
/// `succeeded == false`. `work` returns whether it is content; it must not touch locks that other
/// threads may hold. The child's stdout and stderr are closed. Throws Error when no process or pipe
/// is to be had.
IsolatedResult run_isolated(const std::function<bool(const ByteSink&)>& work,
                            const IsolationLimits& limits = {});

}  // namespace espalier::pruning
