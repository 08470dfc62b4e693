#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace espalier::tests {

/// What a program left behind.
struct Finished {
  int exit_code = -1;  ///< -1 when a signal ended it
  std::string out;
  std::string err;
};

/// The program under test with its standard streams in our hands.
class RunningProgram {
 public:
  explicit RunningProgram(const std::vector<std::string>& arguments);
  RunningProgram(const RunningProgram&) = delete;
  RunningProgram& operator=(const RunningProgram&) = delete;
  /// A program that nobody finished (a failed test) is killed.
  ~RunningProgram();

  /// Waits until its standard error holds the text; false when it ends before.
  bool wait_for_error_text(const std::string& text);
  void send(int signal) const;
  /// Reads both streams to their ends and waits.
  Finished finish();

 private:
  /// Reads what is there, waiting for some; false when both streams are closed.
  bool read_some();

  pid_t process_ = -1;
  int out_ = -1;
  int err_ = -1;
  Finished result_;
};

Finished run(const std::vector<std::string>& arguments);

/// A folder that is removed with everything in it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();

  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  /// Writes a file and returns its path.
  std::string write(const std::string& name, const std::string& content) const;
  std::vector<std::string> names() const;

 private:
  std::filesystem::path path_;
};

std::string content_of(const std::string& file);

}  // namespace espalier::tests
