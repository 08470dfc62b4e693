// Any bytes as a NumPy file.

#include <cstdint>

#include "espalier/support/error.hpp"

#include "data/npy.hpp"
#include "input.hpp"

using namespace espalier;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const tests::MemoryFile file(data, size);
  try {
    const auto array = pruning::data::read_npy(file.path());
    std::int64_t count = 1;
    for (const std::int64_t length : array.shape) count *= length;
    tests::require(count == static_cast<std::int64_t>(array.values.size()),
                   "as many values as the shape says");
  } catch (const Error&) {
  }
  return 0;
}
