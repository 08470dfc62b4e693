#include "data/file_bytes.hpp"

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

#include <zlib.h>

#include "espalier/support/error.hpp"

namespace espalier::pruning::data {
namespace {

// Far above every data set that we read; a damaged or hostile file does not fill the memory.
constexpr std::size_t kMaxBytes = std::size_t{1} << 31;
constexpr std::size_t kBlock = std::size_t{1} << 20;

std::vector<std::uint8_t> read_raw(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream || std::filesystem::is_directory(file)) {
    throw Error(file.string(), 0, "cannot be opened; expected a readable file");
  }
  std::vector<std::uint8_t> bytes;
  while (stream) {
    const std::size_t size = bytes.size();
    if (size > kMaxBytes) throw Error(file.string(), 0, "is larger than 2 GiB; expected less");
    bytes.resize(size + kBlock);
    stream.read(reinterpret_cast<char*>(bytes.data() + size), kBlock);
    bytes.resize(size + static_cast<std::size_t>(stream.gcount()));
  }
  if (stream.bad()) throw Error(file.string(), 0, "cannot be read to its end");
  return bytes;
}

/// inflateEnd on every way out.
class Inflater {
 public:
  explicit Inflater(int window_bits) { ready_ = inflateInit2(&stream, window_bits) == Z_OK; }
  ~Inflater() {
    if (ready_) inflateEnd(&stream);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  bool ready() const noexcept { return ready_; }

  z_stream stream{};

 private:
  bool ready_ = false;
};

// What zlib calls the two formats.
constexpr int kGzip = 15 + 16;
constexpr int kZlib = 15;

std::vector<std::uint8_t> decompress(const std::filesystem::path& file,
                                     std::span<const std::uint8_t> compressed, int format) {
  const std::string name = format == kGzip ? "gzip" : "zlib";
  Inflater inflater(format);
  if (!inflater.ready()) throw Error(file.string(), 0, "cannot be decompressed: zlib failed");
  z_stream& stream = inflater.stream;
  stream.next_in = const_cast<Bytef*>(compressed.data());  // zlib writes nothing there
  stream.avail_in = static_cast<uInt>(compressed.size());
  std::vector<std::uint8_t> bytes;
  int status = Z_OK;
  while (status == Z_OK) {
    const std::size_t size = bytes.size();
    if (size > kMaxBytes) {
      throw Error(file.string(), 0, "decompresses to more than 2 GiB; expected less");
    }
    bytes.resize(size + kBlock);
    stream.next_out = bytes.data() + size;
    stream.avail_out = static_cast<uInt>(kBlock);
    status = inflate(&stream, Z_NO_FLUSH);
    bytes.resize(size + kBlock - stream.avail_out);
  }
  if (status == Z_BUF_ERROR) {
    throw Error(file.string(), 0,
                "ends within its " + name + " data after " + std::to_string(compressed.size()) +
                    " bytes; expected a complete file");
  }
  if (status != Z_STREAM_END) {
    throw Error(file.string(), 0,
                "has damaged " + name + " data (" +
                    std::string(stream.msg != nullptr ? stream.msg : "unknown error") +
                    "); expected an intact file");
  }
  if (stream.avail_in > 0) {
    throw Error(file.string(), 0,
                "goes on for " + std::to_string(stream.avail_in) + " bytes after its " + name +
                    " data; expected the end");
  }
  return bytes;
}

}  // namespace

std::vector<std::uint8_t> read_file_bytes(const std::filesystem::path& file) {
  std::vector<std::uint8_t> bytes = read_raw(file);
  const bool is_gzip = bytes.size() >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
  return is_gzip ? decompress(file, bytes, kGzip) : bytes;
}

std::vector<std::uint8_t> inflate_zlib(const std::filesystem::path& file,
                                       std::span<const std::uint8_t> compressed) {
  return decompress(file, compressed, kZlib);
}

}  // namespace espalier::pruning::data
