#include "run_program.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace espalier::tests {
namespace {

void expect(bool condition, const char* what) {
  if (!condition) throw std::runtime_error(what);
}

/// Appends what can be read; closes the descriptor at its end.
void drain(int& descriptor, std::string& text) {
  char buffer[4096];
  const ssize_t count = ::read(descriptor, buffer, sizeof buffer);
  if (count > 0) {
    text.append(buffer, static_cast<std::size_t>(count));
  } else if (count == 0 || errno != EINTR) {
    ::close(descriptor);
    descriptor = -1;
  }
}

}  // namespace

RunningProgram::RunningProgram(const std::vector<std::string>& arguments) {
  int out[2];
  int err[2];
  expect(::pipe2(out, O_CLOEXEC) == 0 && ::pipe2(err, O_CLOEXEC) == 0, "no pipe");
  std::vector<std::string> words = {ESPALIER_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  process_ = ::fork();
  expect(process_ >= 0, "no process");
  if (process_ == 0) {
    ::dup2(out[1], STDOUT_FILENO);
    ::dup2(err[1], STDERR_FILENO);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  ::close(out[1]);
  ::close(err[1]);
  out_ = out[0];
  err_ = err[0];
}

RunningProgram::~RunningProgram() {
  if (out_ >= 0) ::close(out_);
  if (err_ >= 0) ::close(err_);
  if (process_ > 0) {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
}

bool RunningProgram::read_some() {
  if (out_ < 0 && err_ < 0) return false;
  pollfd streams[2] = {{out_, POLLIN, 0}, {err_, POLLIN, 0}};  // negative ones are passed over
  if (::poll(streams, 2, -1) < 0) return errno == EINTR;
  if (streams[0].revents != 0) drain(out_, result_.out);
  if (streams[1].revents != 0) drain(err_, result_.err);
  return true;
}

bool RunningProgram::wait_for_error_text(const std::string& text) {
  while (result_.err.find(text) == std::string::npos) {
    if (!read_some()) return false;
  }
  return true;
}

void RunningProgram::send(int signal) const { ::kill(process_, signal); }

Finished RunningProgram::finish() {
  while (read_some()) {
  }
  int status = 0;
  while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  process_ = -1;
  if (WIFEXITED(status)) result_.exit_code = WEXITSTATUS(status);
  return result_;
}

Finished run(const std::vector<std::string>& arguments) {
  return RunningProgram(arguments).finish();
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "espalier-cli-XXXXXX").string();
  expect(::mkdtemp(name.data()) != nullptr, "no temporary folder");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryFolder::write(const std::string& name, const std::string& content) const {
  std::ofstream(path_ / name, std::ios::binary) << content;
  return *this / name;
}

std::vector<std::string> TemporaryFolder::names() const {
  std::vector<std::string> result;
  for (const auto& entry : std::filesystem::directory_iterator(path_)) {
    result.push_back(entry.path().filename().string());
  }
  std::sort(result.begin(), result.end());
  return result;
}

std::string content_of(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace espalier::tests
