#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <sys/mman.h>
#include <unistd.h>

namespace espalier::tests {

/// Ends the run with a message; libFuzzer then writes the input to a file.
inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "DOES NOT HOLD: %s\n", what);
  std::abort();
}

inline std::string text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// A file in memory, for readers that take a path.
class MemoryFile {
 public:
  MemoryFile(const std::uint8_t* data, std::size_t size) : descriptor_(::memfd_create("fuzz", 0)) {
    require(descriptor_ >= 0, "a file in memory");
    require(::write(descriptor_, data, size) == static_cast<ssize_t>(size), "all bytes written");
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { ::close(descriptor_); }
  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

/// Draws small numbers from the bytes of an input; 0 when they are used up.
class ByteSource {
 public:
  ByteSource(const std::uint8_t* data, std::size_t size) : at_(data), end_(data + size) {}

  std::uint8_t byte() { return at_ == end_ ? std::uint8_t{0} : *at_++; }
  bool flag() { return (byte() & 1) != 0; }
  int in(int low, int high) { return low + byte() % (high - low + 1); }
  std::int64_t integer(int bytes) {
    std::uint64_t value = 0;
    for (; bytes > 0; --bytes) value = value << 8 | byte();
    return static_cast<std::int64_t>(value);
  }

 private:
  const std::uint8_t* at_;
  const std::uint8_t* end_;
};

}  // namespace espalier::tests
