// Any bytes as an ONNX file, which is told by its ending.

#include <cstdint>
#include <filesystem>
#include <string>

#include <unistd.h>

#include "foreign_model.hpp"

using namespace espalier;
namespace fs = std::filesystem;

namespace {

/// Another name for a file, with an ending.
class Link {
 public:
  explicit Link(const fs::path& file)
      : path_(fs::temp_directory_path() / ("fuzz-" + std::to_string(::getpid()) + ".onnx")) {
    fs::remove(path_);
    fs::create_symlink(file, path_);
  }
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;
  ~Link() { fs::remove(path_); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const tests::MemoryFile file(data, size);
  const Link link(file.path());
  tests::try_to_import(link.path());
  return 0;
}
