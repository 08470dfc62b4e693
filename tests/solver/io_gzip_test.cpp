#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <zlib.h>

#include "espalier/solver/instance_io.hpp"
#include "espalier/support/error.hpp"

#include "io_samples.hpp"

namespace {

using espalier::Error;
using espalier::solver::read_instances_from_text;

/// One gzip member that holds the text.
std::string packed(const std::string& text) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string bytes(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_out = static_cast<uInt>(bytes.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  bytes.resize(stream.total_out);
  deflateEnd(&stream);
  return bytes;
}

const std::string& plain() { return espalier::tests::samples()[0].text; }

bool is_read(const std::string& bytes) {
  try {
    return read_instances_from_text(bytes, "a.txt.gz").size() == 1;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

TEST_CASE("gzip data are unpacked in every format", "[io][gzip]") {
  for (const auto& sample : espalier::tests::samples()) {
    CAPTURE(sample.format);
    const auto instances = read_instances_from_text(packed(sample.text), "a.txt.gz");
    REQUIRE(instances.size() == 1);
    CHECK(instances[0].name == "a.txt");
    CHECK(instances[0].problem.num_items() == 4);
  }
}

TEST_CASE("gzip members that follow one another are one text", "[io][gzip]") {
  const std::string halves = packed(plain().substr(0, 7)) + packed(plain().substr(7));
  CHECK(read_instances_from_text(halves, "a.gz")[0].problem.num_items() == 4);
}

TEST_CASE("gzip data that end at any byte are refused", "[io][gzip]") {
  const std::string bytes = packed(plain());
  REQUIRE(is_read(bytes));
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    CAPTURE(length);
    CHECK_FALSE(is_read(bytes.substr(0, length)));
  }
  CHECK_THROWS_WITH(read_instances_from_text(bytes.substr(0, bytes.size() - 3), "a.gz"),
                    Catch::Contains("a.gz: the gzip data end too early"));
}

TEST_CASE("gzip data with any byte of the data or checksum changed are refused", "[io][gzip]") {
  const std::string bytes = packed(plain());
  const std::size_t last_data_byte = bytes.size() - 9;  // checksum and length follow
  constexpr std::size_t kHeader = 10;  // time, flags and system there do not touch the text
  for (std::size_t place = kHeader; place < bytes.size(); ++place) {
    for (const int change : {1, 0x80, 0xff}) {
      CAPTURE(place, change);
      std::string damaged = bytes;
      damaged[place] = static_cast<char>(damaged[place] ^ change);
      if (place == last_data_byte && change == 0x80) continue;  // a bit that fills up the byte
      CHECK_FALSE(is_read(damaged));
    }
  }
}

TEST_CASE("nothing may follow gzip data", "[io][gzip]") {
  const std::string bytes = packed(plain());
  for (const std::string& rest : {std::string("x"), std::string(1, '\0'), std::string("\x1f"),
                                  std::string("\x1f\x8b"), std::string("1 2 3\n")}) {
    CAPTURE(rest);
    CHECK_FALSE(is_read(bytes + rest));
  }
  CHECK_THROWS_WITH(read_instances_from_text(bytes + "rest", "a.gz"),
                    Catch::Contains("4 bytes follow the gzip data"));
}

TEST_CASE("files that cannot be read are named", "[io]") {
  CHECK_THROWS_WITH(espalier::solver::read_instances("/nonexistent/file.txt"),
                    Catch::Contains("cannot read /nonexistent/file.txt: No such file"));
  CHECK_THROWS_WITH(espalier::solver::read_instances("/"), Catch::Contains("expected a file"));
}
