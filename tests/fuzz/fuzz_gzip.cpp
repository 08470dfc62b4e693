// Any bytes as a compressed file: a clean error or the unpacked text, which is then read.

#include <cstdint>
#include <string>

#include "espalier/solver/instance_io.hpp"
#include "espalier/support/error.hpp"

#include "input.hpp"
#include "io/unpack.hpp"

using namespace espalier;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const std::string text = solver::io::unpack_gzip(tests::text_of(data, size), "fuzz.gz");
    solver::read_instances_from_text(text, "fuzz.gz");
  } catch (const Error&) {
  }
  return 0;
}
