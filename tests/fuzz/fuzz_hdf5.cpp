// Any bytes as a Keras HDF5 file. The HDF5 library reads them in a child process, as it always
// does: what the child makes of them, and what the parent makes of the child's answer, must hold.

#include <cstdint>

#include "foreign_model.hpp"

using namespace espalier;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const tests::MemoryFile file(data, size);
  tests::try_to_import(file.path());
  return 0;
}
