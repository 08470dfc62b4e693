#include "exchange/isolated_read.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "espalier/support/error.hpp"

namespace espalier::pruning {
namespace {

using Clock = std::chrono::steady_clock;

/// Lowers a limit, never raises one that is set already.
template <typename Resource>
void limit(Resource resource, rlim_t most) {
  rlimit now{};
  if (::getrlimit(resource, &now) != 0) return;
  now.rlim_cur = std::min(now.rlim_cur, most);
  ::setrlimit(resource, &now);
}

/// Address space in use, which sanitizers make very large; 0 where it cannot be told.
std::size_t address_space_bytes() {
  std::FILE* const file = std::fopen("/proc/self/statm", "r");
  if (file == nullptr) return 0;
  unsigned long long pages = 0;
  const int read = std::fscanf(file, "%llu", &pages);
  std::fclose(file);
  return read == 1 ? pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) : 0;
}

void confine(const IsolationLimits& limits) {
  const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nowhere >= 0) {
    ::dup2(nowhere, STDOUT_FILENO);
    ::dup2(nowhere, STDERR_FILENO);
  }
  // A fault is to end the child and nothing else: no inherited handler, no core file.
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGINT, SIGTERM}) {
    std::signal(fault, SIG_DFL);
  }
  std::signal(SIGPIPE, SIG_IGN);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, static_cast<rlim_t>(limits.max_cpu_seconds));
  const std::size_t in_use = address_space_bytes();
  if (in_use > 0) limit(RLIMIT_AS, static_cast<rlim_t>(in_use + limits.max_memory_bytes));
}

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

/// Never returns.
[[noreturn]] void run_child(const std::function<bool(const ByteSink&)>& work,
                            const IsolationLimits& limits, int output) {
  confine(limits);
  bool content = false;
  try {
    content = work([output](std::string_view bytes) { return write_all(output, bytes); });
  } catch (...) {  // nothing may unwind into the copy of the parent's stack
  }
  ::_exit(content ? 0 : 1);
}

/// Reads to the end of the output; false when a limit is reached first.
bool collect(int descriptor, const IsolationLimits& limits, std::string& output) {
  const auto deadline = Clock::now() + std::chrono::seconds(limits.max_wait_seconds);
  std::array<char, 65536> buffer{};
  while (true) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return false;
    pollfd stream{descriptor, POLLIN, 0};
    const int ready = ::poll(&stream, 1, static_cast<int>(left));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    if (count == 0) return true;
    if (output.size() + static_cast<std::size_t>(count) > limits.max_output_bytes) return false;
    output.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace

IsolatedResult run_isolated(const std::function<bool(const ByteSink&)>& work,
                            const IsolationLimits& limits) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw Error("cannot open a pipe to a child process");
  const pid_t child = ::fork();
  if (child == 0) run_child(work, limits, pipe[1]);
  ::close(pipe[1]);
  if (child < 0) {
    ::close(pipe[0]);
    throw Error("cannot start a child process");
  }
  IsolatedResult result;
  const bool complete = collect(pipe[0], limits, result.output);
  ::close(pipe[0]);
  if (!complete) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  result.succeeded = complete && WIFEXITED(status) && WEXITSTATUS(status) == 0;
  return result;
}

}  // namespace espalier::pruning
