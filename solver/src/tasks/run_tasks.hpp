#pragma once

#include <cstddef>
#include <functional>

namespace espalier::solver {

/// Calls task(0) ... task(count - 1), each once, on up to `threads` threads, and waits for all.
void run_tasks(int threads, std::size_t count, const std::function<void(std::size_t)>& task);

}  // namespace espalier::solver
