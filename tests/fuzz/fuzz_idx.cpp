// Any bytes as a file of images and of labels.

#include <cstdint>

#include "espalier/support/error.hpp"

#include "data/idx.hpp"
#include "input.hpp"

using namespace espalier;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const tests::MemoryFile file(data, size);
  try {
    const auto images = pruning::data::read_idx_images(file.path());
    tests::require(images.pixels.size() == images.count * images.rows * images.columns,
                   "as many pixels as the header says");
  } catch (const Error&) {
  }
  try {
    for (const auto label : pruning::data::read_idx_labels(file.path(), 10)) {
      tests::require(label < 10, "labels below the number of classes");
    }
  } catch (const Error&) {
  }
  return 0;
}
