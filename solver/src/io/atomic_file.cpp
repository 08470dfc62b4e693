#include <atomic>
#include <cerrno>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "espalier/solver/result_io.hpp"
#include "espalier/support/error.hpp"

namespace espalier::solver {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file, int error) {
  throw Error("cannot write " + file.string() + ": " + std::generic_category().message(error));
}

/// An open file that is closed on every way out.
class Descriptor {
 public:
  explicit Descriptor(int number) noexcept : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const noexcept { return number_; }
  /// Closes now and says whether that worked (a full disk may only show here).
  bool close() noexcept {
    const int result = ::close(number_);
    number_ = -1;
    return result == 0;
  }

 private:
  int number_;
};

/// Writes everything; returns 0 or the error number.
int write_all(int descriptor, std::string_view content) noexcept {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

/// Devices and pipes cannot be replaced by a file.
bool is_special(const std::filesystem::path& file) {
  std::error_code ignored;
  const auto status = std::filesystem::status(file, ignored);
  return std::filesystem::exists(status) && !std::filesystem::is_regular_file(status);
}

void write_special(const std::filesystem::path& file, std::string_view content) {
  Descriptor descriptor(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
  if (descriptor.number() < 0) fail(file, errno);
  if (const int error = write_all(descriptor.number(), content)) fail(file, error);
  if (!descriptor.close()) fail(file, errno);
}

/// A name beside `file` that no other thread or process uses.
std::filesystem::path temporary_name(const std::filesystem::path& file) {
  static std::atomic<unsigned> counter{0};
  auto name = file;
  name += ".tmp-" + std::to_string(::getpid()) + "-" + std::to_string(counter++);
  return name;
}

/// Writes and syncs the temporary file; returns 0 or the error number.
int write_temporary(const std::filesystem::path& temporary, std::string_view content) {
  Descriptor descriptor(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (descriptor.number() < 0) return errno;
  int error = write_all(descriptor.number(), content);
  if (error == 0 && ::fsync(descriptor.number()) != 0) error = errno;
  if (!descriptor.close() && error == 0) error = errno;
  return error;
}

/// A file whose new content is written beside it and not in its place yet.
class StagedFile {
 public:
  StagedFile(const std::filesystem::path& file, std::string_view content) : file_(file) {
    if (is_special(file)) {
      write_special(file, content);
      return;
    }
    // A symbolic link stays one: what it points to is replaced.
    std::error_code not_resolved;
    target_ = file;
    if (std::filesystem::is_symlink(file, not_resolved)) {
      target_ = std::filesystem::weakly_canonical(file, not_resolved);
      if (not_resolved) fail(file, not_resolved.value());
    }
    temporary_ = temporary_name(target_);
    if (const int error = write_temporary(temporary_, content)) {
      ::unlink(temporary_.c_str());
      fail(file, error);
    }
  }
  StagedFile(const StagedFile&) = delete;
  StagedFile& operator=(const StagedFile&) = delete;
  ~StagedFile() {
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
  }

  void replace() {
    if (temporary_.empty()) return;
    if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail(file_, errno);
    temporary_.clear();
  }

 private:
  std::filesystem::path file_;  // as its owner calls it
  std::filesystem::path target_;
  std::filesystem::path temporary_;  // empty once there is none
};

}  // namespace

void write_file_atomically(const std::filesystem::path& file, std::string_view content) {
  StagedFile(file, content).replace();
}

void write_files_atomically(std::span<const FileContent> files) {
  std::deque<StagedFile> staged;
  for (const auto& [file, content] : files) staged.emplace_back(file, content);
  for (StagedFile& file : staged) file.replace();
}

}  // namespace espalier::solver
