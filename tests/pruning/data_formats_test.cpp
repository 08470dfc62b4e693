// MATLAB files, image records and showers that the test writes: good ones and faults.
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <unistd.h>
#include <zlib.h>

#include "espalier/pruning/dataset.hpp"
#include "espalier/support/error.hpp"

#include "data/mat5.hpp"

namespace espalier::pruning {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;

class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("espalier_formats_" + std::to_string(getpid()))) {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  const fs::path& path() const { return path_; }
  fs::path write(const std::string& name, const std::string& content) const {
    std::ofstream(path_ / name, std::ios::binary) << content;
    return path_ / name;
  }

 private:
  fs::path path_;
};

template <typename Number>
std::string bytes_of(const std::vector<Number>& numbers) {
  std::string bytes(numbers.size() * sizeof(Number), '\0');
  if (!numbers.empty()) std::memcpy(bytes.data(), numbers.data(), bytes.size());
  return bytes;
}

/// An element in the long form, padded.
std::string element(std::uint32_t type, std::string bytes) {
  const auto size = static_cast<std::uint32_t>(bytes.size());
  bytes.resize((bytes.size() + 7) / 8 * 8, '\0');
  return bytes_of(std::vector<std::uint32_t>{type, size}) + bytes;
}

/// Up to four bytes in the tag itself.
std::string small_element(std::uint32_t type, std::string bytes) {
  const auto size = static_cast<std::uint32_t>(bytes.size());
  bytes.resize(4, '\0');
  return bytes_of(std::vector<std::uint32_t>{size << 16 | type}) + bytes;
}

std::string matrix(std::uint32_t array_class, const std::vector<std::int32_t>& extents,
                   const std::string& name, std::uint32_t type, const std::string& values) {
  return element(14,
                 element(6, bytes_of(std::vector<std::uint32_t>{array_class, 0})) +
                     element(5, bytes_of(extents)) +
                     (name.size() <= 4 ? small_element(1, name) : element(1, name)) +
                     (values.size() <= 4 ? small_element(type, values) : element(type, values)));
}

std::string zipped(const std::string& plain) {
  uLongf size = compressBound(plain.size());
  std::string packed(size, '\0');
  REQUIRE(compress(reinterpret_cast<Bytef*>(packed.data()), &size,
                   reinterpret_cast<const Bytef*>(plain.data()), plain.size()) == Z_OK);
  packed.resize(size);
  return bytes_of(std::vector<std::uint32_t>{15, static_cast<std::uint32_t>(size)}) + packed;
}

std::string mat_file(const std::string& elements) {
  std::string header = "MATLAB 5.0 MAT-file";
  header.resize(124, ' ');
  return header + std::string("\x00\x01IM", 4) + elements;
}

/// Pixel of image n as SVHN stores it: row, then column, then channel.
std::uint8_t pixel(int row, int column, int channel, int n) {
  return static_cast<std::uint8_t>((3 * row + 5 * column + 70 * channel + 11 * n) % 256);
}

std::string svhn_file(int images, bool compressed) {
  std::vector<std::uint8_t> x, y;
  for (int n = 0; n < images; ++n) {
    for (int c = 0; c < 3; ++c) {
      for (int column = 0; column < 32; ++column) {
        for (int row = 0; row < 32; ++row) x.push_back(pixel(row, column, c, n));
      }
    }
    y.push_back(static_cast<std::uint8_t>(n % 10 + 1));
  }
  const std::string first = matrix(9, {32, 32, 3, images}, "X", 2, bytes_of(x));
  const std::string second = matrix(6, {images, 1}, "y", 2, bytes_of(y));  // doubles kept as bytes
  return mat_file(compressed ? zipped(first) + zipped(second) : first + second);
}

TEST_CASE("arrays of MATLAB files are read compressed or not, of every type", "[data]") {
  const Folder folder;
  const std::string elements =
      matrix(6, {2, 1}, "doubles", 9, bytes_of(std::vector<double>{1.5, -2.0})) +
      zipped(matrix(7, {1, 1}, "s", 7, bytes_of(std::vector<float>{0.25F}))) +
      matrix(4, {1, 3}, "text", 4, "a\0b\0c\0") +  // a char array, which is passed over
      matrix(12, {1, 2}, "i", 5, bytes_of(std::vector<std::int32_t>{-7, 8})) +
      matrix(10, {1, 1}, "h", 3, bytes_of(std::vector<std::int16_t>{-300}));
  const auto arrays = data::read_mat5(folder.write("a.mat", mat_file(elements)));
  REQUIRE(arrays.size() == 4);
  CHECK(arrays[0].name == "doubles");
  CHECK(arrays[0].extents == std::vector<std::int64_t>{2, 1});
  CHECK(arrays[0].value(1) == -2.0);
  CHECK(arrays[1].value(0) == 0.25);
  CHECK(arrays[2].value(0) == -7.0);
  CHECK(arrays[3].value(0) == -300.0);
}

TEST_CASE("damaged MATLAB files are refused with what is wrong", "[data]") {
  const Folder folder;
  const auto error_of = [&](const std::string& content) -> std::string {
    try {
      data::read_mat5(folder.write("bad.mat", content));
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  };
  const std::string good = svhn_file(1, false);
  CHECK_THAT(error_of("short"), Contains("is no little-endian MAT-file"));
  CHECK_THAT(error_of("\x89HDF\r\n" + std::string(200, ' ')), Contains("-v7.3"));
  CHECK_THAT(error_of(good.substr(0, good.size() - 80)), Contains("ends within an element"));
  CHECK_THAT(error_of(mat_file(matrix(6, {3, 1}, "d", 9, bytes_of(std::vector<double>{1.0, 2.0})))),
             Contains("array 'd' has 16 bytes") && Contains("expected 3 numbers"));
  CHECK_THAT(error_of(mat_file(matrix(6, {-3, 1}, "d", 9, "12345678"))),
             Contains("impossible extents"));
  std::string torn = svhn_file(1, true);
  torn[torn.size() / 2] = static_cast<char>(torn[torn.size() / 2] ^ 0x55);
  CHECK_THAT(error_of(torn), Contains("damaged zlib data") || Contains("ends within its zlib"));
  // Every prefix is an error or the arrays before the cut, never anything else.
  for (std::size_t size = 0; size < 400; ++size) error_of(good.substr(0, size));
}

TEST_CASE("SVHN images are turned to rows, columns and channels, and ten is zero", "[data]") {
  const Folder folder;
  folder.write("train_32x32.mat", svhn_file(20, true));
  folder.write("test_32x32.mat", svhn_file(12, false));
  const DataSplit data = load_svhn(folder.path());
  CHECK(data.train.size() == 18);
  CHECK(data.validation.size() == 2);
  REQUIRE(data.test.size() == 12);
  CHECK(data.train.sample_shape == std::vector<int>{32, 32, 3});
  CHECK(data.test.labels[0] == 1);
  CHECK(data.test.labels[9] == 0);
  for (const auto& [row, column, channel] :
       {std::tuple(0, 0, 0), std::tuple(31, 2, 1), std::tuple(4, 30, 2)}) {
    const auto place = static_cast<std::size_t>((row * 32 + column) * 3 + channel);
    CHECK(data.test.sample(7)[place] ==
          static_cast<float>(pixel(row, column, channel, 7)) / 255.0F);
  }
  folder.write("test_32x32.mat", mat_file(matrix(9, {2, 2}, "X", 2, "1234")));
  CHECK_THROWS_WITH(load_svhn(folder.path()), Contains("has no array 'y'"));
  fs::remove(folder.path() / "test_32x32.mat");
  CHECK_THROWS_WITH(load_svhn(folder.path()), Contains("test_32x32.mat: does not exist"));
}

std::string records(int count, int first_label) {
  std::string bytes;
  for (int n = 0; n < count; ++n) {
    bytes += static_cast<char>((first_label + n) % 10);
    for (int c = 0; c < 3; ++c) bytes += std::string(1024, static_cast<char>(50 * c + n));
  }
  return bytes;
}

TEST_CASE("image records are read from every batch in order", "[data]") {
  const Folder folder;
  folder.write("data_batch_2.bin", records(10, 5));
  folder.write("data_batch_1.bin", records(10, 0));
  folder.write("test_batch.bin", records(3, 0));
  folder.write("readme.txt", "nothing");
  const DataSplit data = load_cifar10(folder.path());
  CHECK(data.train.size() == 16);
  CHECK(data.validation.labels == std::vector<std::int32_t>{1, 2, 3, 4});
  CHECK(data.train.labels[10] == 5);
  CHECK(data.train.sample(1)[2] == 101.0F / 255.0F);  // blue of the first pixel
  folder.write("test_batch.bin", records(1, 0) + "x");
  CHECK_THROWS_WITH(load_cifar10(folder.path()), Contains("has 3074 bytes; expected records"));
  std::string wrong = records(1, 0);
  wrong[0] = 10;
  folder.write("test_batch.bin", wrong);
  CHECK_THROWS_WITH(load_cifar10(folder.path()), Contains("record 0 has label 10"));
}

TEST_CASE("showers are shuffled, split and standardised, and bad lines are named", "[data]") {
  const Folder folder;
  std::string lines;
  for (int n = 0; n < 1000; ++n) {
    for (int f = 0; f < 10; ++f) lines += std::to_string((n * (f + 3)) % 97) + ".5,";
    lines += n < 600 ? "g\n" : "h\r\n";
  }
  folder.write("magic04.data", lines);
  const DataSplit data = load_magic_gamma(folder.path());
  CHECK(data.train.size() == 640);
  CHECK(data.validation.size() == 160);
  CHECK(data.test.size() == 200);
  int hadrons = 0;
  double sum = 0.0, squares = 0.0;
  for (std::size_t i = 0; i < data.test.size(); ++i) hadrons += data.test.labels[i];
  CHECK(hadrons > 50);  // 80 of 200 expected, seven deviations away from the first 200 of the file
  CHECK(hadrons < 110);
  for (std::size_t i = 0; i < data.train.size(); ++i) {
    const auto value = static_cast<double>(data.train.features[10 * i + 4]);
    sum += value;
    squares += value * value;
  }
  CHECK(sum / 640.0 == Approx(0.0).margin(1e-5));
  CHECK(squares / 640.0 == Approx(1.0).margin(1e-4));
  folder.write("magic04.data", lines + "1,2,3,x,5,6,7,8,9,10,g\n");
  CHECK_THROWS_WITH(load_magic_gamma(folder.path()), Contains(":1001:") && Contains("'x'"));
  folder.write("magic04.data", lines + "1,2,3,4,5,6,7,8,9,10,p\n");
  CHECK_THROWS_WITH(load_magic_gamma(folder.path()), Contains("'p' is no class"));
  folder.write("magic04.data", lines + "1,2,3,4,5,6,7,8,9,10,g,7\n");
  CHECK_THROWS_WITH(load_magic_gamma(folder.path()), Contains("goes on after its class"));
}

}  // namespace
}  // namespace espalier::pruning
