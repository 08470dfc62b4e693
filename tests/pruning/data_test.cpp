// IDX files that the test writes: good ones, and one fault at a time.
#include <bit>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <unistd.h>
#include <zlib.h>

#include "espalier/pruning/dataset.hpp"
#include "espalier/support/error.hpp"

namespace espalier::pruning {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

void append_word(Bytes& bytes, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<std::uint8_t>(value >> shift & 0xff));
  }
}

Bytes image_file(std::uint32_t count) {
  Bytes bytes;
  for (const std::uint32_t word : {0x00000803U, count, 28U, 28U}) append_word(bytes, word);
  for (std::uint32_t i = 0; i < count * 784; ++i) {
    bytes.push_back(static_cast<std::uint8_t>(i * 7 % 256));
  }
  return bytes;
}

Bytes label_file(std::uint32_t count) {
  Bytes bytes;
  for (const std::uint32_t word : {0x00000801U, count}) append_word(bytes, word);
  for (std::uint32_t i = 0; i < count; ++i) bytes.push_back(static_cast<std::uint8_t>(i % 10));
  return bytes;
}

Bytes compressed(const Bytes& plain) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  Bytes out(deflateBound(&stream, plain.size()) + 64);
  Bytes in = plain;
  stream.next_in = in.data();
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

/// A folder of its own with the four files, small; removed at the end.
class Folder {
 public:
  Folder() : path(fs::temp_directory_path() / ("espalier-data-" + std::to_string(getpid()))) {
    fs::remove_all(path);
    fs::create_directory(path);
    write("train-images-idx3-ubyte", image_file(36));
    write("train-labels-idx1-ubyte", label_file(36));
    write("t10k-images-idx3-ubyte", image_file(5));
    write("t10k-labels-idx1-ubyte", label_file(5));
  }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  void write(const std::string& name, const Bytes& bytes) const {
    std::ofstream stream(path / name, std::ios::binary);
    stream.write(reinterpret_cast<const char*>(bytes.data()),
                 static_cast<std::streamsize>(bytes.size()));
  }
  void remove(const std::string& name) const { fs::remove(path / name); }

  fs::path path;
};

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST_CASE("Fashion-MNIST files are read plain and compressed alike", "[data]") {
  const Folder folder;
  const DataSplit plain = load_fashion_mnist(folder.path);
  CHECK(plain.train.size() == 33);
  CHECK(plain.validation.size() == 3);
  CHECK(plain.test.size() == 5);
  CHECK(plain.train.sample_shape == std::vector<int>{28, 28, 1});
  CHECK(plain.train.num_classes == 10);
  CHECK(plain.train.features[1] == 7.0F / 255.0F);
  CHECK(plain.validation.labels == std::vector<std::int32_t>{3, 4, 5});
  CHECK(plain.validation.sample(0)[0] == static_cast<float>(33 * 784 * 7 % 256) / 255.0F);

  folder.remove("train-images-idx3-ubyte");
  folder.write("train-images-idx3-ubyte.gz", compressed(image_file(36)));
  const DataSplit packed = load_fashion_mnist(folder.path);
  CHECK(packed.train.features == plain.train.features);
  CHECK(packed.validation.features == plain.validation.features);
}

TEST_CASE("a damaged data folder is refused with the file and the fault", "[data]") {
  struct Case {
    std::string name;
    std::string file;  ///< that the message has to name
    std::function<void(const Folder&)> damage;
    std::string expected;
  };
  const auto cut = [](Bytes bytes, std::size_t count) {
    bytes.erase(bytes.end() - static_cast<std::ptrdiff_t>(count), bytes.end());
    return bytes;
  };
  const auto changed = [](Bytes bytes, std::size_t position, std::uint8_t value) {
    bytes[position] = value;
    return bytes;
  };
  const auto longer = [](Bytes bytes) {
    bytes.push_back(0);
    return bytes;
  };
  const std::string images = "train-images-idx3-ubyte", labels = "t10k-labels-idx1-ubyte";
  const auto packed_images = [&](const Folder& f, const Bytes& bytes) {
    f.remove(images);
    f.write(images + ".gz", bytes);
  };
  const std::vector<Case> cases = {
      {"missing file", images, [&](const Folder& f) { f.remove(images); }, "does not exist"},
      {"empty file", images, [&](const Folder& f) { f.write(images, {}); }, "has 0 bytes"},
      {"wrong magic", images, [&](const Folder& f) { f.write(images, label_file(1000)); },
       "begins with 0x00000801; expected 0x00000803"},
      {"truncated", images, [&](const Folder& f) { f.write(images, cut(image_file(36), 1)); },
       "is cut short: it has 28239 bytes; expected 28240"},
      {"trailing byte", images, [&](const Folder& f) { f.write(images, longer(image_file(36))); },
       "has trailing bytes: it has 28241 bytes; expected 28240"},
      {"other size", images,
       [&](const Folder& f) { f.write(images, changed(image_file(36), 15, 14)); },
       "has trailing bytes"},
      {"no rows", images, [&](const Folder& f) { f.write(images, changed(image_file(36), 11, 0)); },
       "expected sides in 1.."},
      {"huge count", images,
       [&](const Folder& f) { f.write(images, changed(image_file(36), 4, 255)); }, "is cut short"},
      {"label 10", labels,
       [&](const Folder& f) { f.write(labels, changed(label_file(5), 10, 10)); },
       "label 2 is 10; expected 0..9"},
      {"fewer labels", labels, [&](const Folder& f) { f.write(labels, label_file(4)); },
       "has 4 labels; expected 5"},
      {"label header", labels,
       [&](const Folder& f) {
         f.write(labels, {0, 0, 8});
       },
       "has 3 bytes; expected an IDX header of 8"},
      {"truncated gzip", images + ".gz",
       [&](const Folder& f) { packed_images(f, cut(compressed(image_file(36)), 20)); },
       "ends within its gzip data"},
      {"gzip header only", images + ".gz",
       [&](const Folder& f) {
         packed_images(f, {0x1f, 0x8b});
       },
       "ends within its gzip data"},
      {"damaged gzip", images + ".gz",
       [&](const Folder& f) {
         const Bytes good = compressed(image_file(36));
         packed_images(
             f, changed(good, good.size() - 6, static_cast<std::uint8_t>(~good[good.size() - 6])));
       },
       "has damaged gzip data"},
      {"bytes after gzip", images + ".gz",
       [&](const Folder& f) { packed_images(f, longer(compressed(image_file(36)))); },
       "goes on for 1 bytes after its gzip data"},
      {"a folder in place of a file", images,
       [&](const Folder& f) {
         f.remove(images);
         fs::create_directory(f.path / images);
       },
       "cannot be opened"},
      {"too few images", "",
       [&](const Folder& f) {
         f.write(images, image_file(11));
         f.write("train-labels-idx1-ubyte", label_file(11));
       },
       "expected at least 12 and 1"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const Folder folder;
    c.damage(folder);
    const std::string message = message_of([&] { load_fashion_mnist(folder.path); });
    CHECK_THAT(message,
               Catch::Contains((c.file.empty() ? folder.path : folder.path / c.file).string()));
    CHECK_THAT(message, Catch::Contains(c.expected));
    CHECK(message.find('\n') == std::string::npos);
  }
  CHECK_THAT(message_of([] { load_fashion_mnist("/nowhere"); }),
             Catch::Contains("/nowhere: is not a folder"));
}

std::uint64_t fingerprint(const Dataset& data) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a over the bits
  const auto mix = [&hash](std::uint32_t word) {
    for (int i = 0; i < 4; ++i) hash = (hash ^ (word >> 8 * i & 0xff)) * 0x100000001b3ULL;
  };
  for (const float value : data.features) mix(std::bit_cast<std::uint32_t>(value));
  for (const std::int32_t label : data.labels) mix(static_cast<std::uint32_t>(label));
  return hash;
}

TEST_CASE("generated jets are standardised, balanced and the same everywhere", "[data]") {
  const DataSplit jets = generate_jets(20000, 2000, 3000, 1);
  CHECK(jets.train.size() == 20000);
  CHECK(jets.validation.size() == 2000);
  CHECK(jets.test.size() == 3000);
  CHECK(jets.train.features.size() == 20000 * 16);
  for (std::size_t f = 0; f < 16; ++f) {
    double sum = 0.0, squares = 0.0;
    for (std::size_t i = 0; i < jets.train.size(); ++i) {
      const auto value = static_cast<double>(jets.train.sample(i)[f]);
      sum += value;
      squares += value * value;
    }
    CHECK(std::abs(sum / 20000) < 1e-5);
    CHECK(std::abs(squares / 20000 - 1.0) < 1e-4);
  }
  std::vector<int> per_class(5, 0);
  for (const std::int32_t label : jets.train.labels) ++per_class[static_cast<std::size_t>(label)];
  for (const int count : per_class) CHECK(std::abs(count - 4000) < 300);  // five deviations

  CHECK(fingerprint(jets.test) == 0x6fed84d4b55f0dc9ULL);  // gcc and clang, -O0 and -O3
  CHECK(fingerprint(generate_jets(20000, 10, 3000, 1).test) == fingerprint(jets.test));
  CHECK(fingerprint(generate_jets(20000, 2000, 3000, 2).test) != fingerprint(jets.test));
}

}  // namespace
}  // namespace espalier::pruning
