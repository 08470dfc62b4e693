#include "io/unpack.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <limits>
#include <memory>
#include <system_error>

#define ZLIB_CONST  // so that the input may be const
#include <zlib.h>

#include "espalier/support/error.hpp"

namespace espalier::solver::io {
namespace {

struct CloseFile {
  void operator()(std::FILE* stream) const noexcept { std::fclose(stream); }
};

[[noreturn]] void fail_reading(const std::filesystem::path& file, int error) {
  throw Error("cannot read " + file.string() + ": " + std::generic_category().message(error));
}

/// Owns a zlib stream in gzip mode, so that every way out releases it.
class Inflater {
 public:
  explicit Inflater(const std::string& bytes) {
    stream_.next_in = reinterpret_cast<const Bytef*>(bytes.data());
    constexpr int kGzipOnly = 16;
    if (inflateInit2(&stream_, kGzipOnly + MAX_WBITS) != Z_OK) throw std::bad_alloc();
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream_); }

  z_stream& stream() noexcept { return stream_; }

 private:
  z_stream stream_{};
};

}  // namespace

std::string read_bytes(const std::filesystem::path& file) {
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) {
    throw Error(file.string() + " is a folder; expected a file");
  }
  const std::unique_ptr<std::FILE, CloseFile> stream(std::fopen(file.c_str(), "rb"));
  if (!stream) fail_reading(file, errno);
  std::string bytes;
  const auto size = std::filesystem::file_size(file, ignored);
  if (!ignored) bytes.reserve(size);
  char buffer[1 << 18];
  std::setvbuf(stream.get(), nullptr, _IONBF, 0);  // straight into our own buffer
  while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, stream.get())) {
    bytes.append(buffer, count);
  }
  if (std::ferror(stream.get())) fail_reading(file, errno);
  return bytes;
}

bool is_gzip(const std::string& bytes) noexcept {
  return bytes.size() >= 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b';
}

std::string unpack_gzip(const std::string& bytes, const std::string& file) {
  Inflater inflater(bytes);
  z_stream& stream = inflater.stream();
  std::size_t fed = 0;
  std::string text;
  char buffer[1 << 16];
  for (;;) {
    if (stream.avail_in == 0 && fed < bytes.size()) {
      const std::size_t piece =
          std::min<std::size_t>(bytes.size() - fed, std::numeric_limits<uInt>::max());
      stream.avail_in = static_cast<uInt>(piece);
      fed += piece;
    }
    stream.next_out = reinterpret_cast<Bytef*>(buffer);
    stream.avail_out = sizeof buffer;
    const int state = inflate(&stream, Z_NO_FLUSH);
    text.append(buffer, sizeof buffer - stream.avail_out);
    if (state == Z_OK) continue;
    if (state == Z_BUF_ERROR) throw Error(file, 0, "the gzip data end too early; file truncated?");
    if (state != Z_STREAM_END) {
      throw Error(file, 0,
                  std::string("damaged gzip data: ") +
                      (stream.msg != nullptr ? stream.msg : zError(state)));
    }
    const std::size_t left = stream.avail_in + (bytes.size() - fed);
    if (left == 0) return text;
    // A further member must follow at once; everything else is garbage.
    if (stream.avail_in < 2 || stream.next_in[0] != 0x1f || stream.next_in[1] != 0x8b) {
      throw Error(file, 0,
                  std::to_string(left) + " bytes follow the gzip data; expected the file to end");
    }
    inflateReset(&stream);
  }
}

}  // namespace espalier::solver::io
