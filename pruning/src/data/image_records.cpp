#include "data/image_records.hpp"

#include <string>

#include "espalier/support/error.hpp"

#include "data/file_bytes.hpp"

namespace espalier::pruning::data {
namespace {

constexpr std::size_t kPixels = 32 * 32;
constexpr std::size_t kChannels = 3;
constexpr std::size_t kRecord = 1 + kChannels * kPixels;

}  // namespace

Dataset empty_color_images() { return {.sample_shape = {32, 32, 3}, .num_classes = 10}; }

void append_image_records(const std::filesystem::path& file, Dataset& data) {
  const std::vector<std::uint8_t> bytes = read_file_bytes(file);
  if (bytes.empty() || bytes.size() % kRecord != 0) {
    throw Error(file.string(), 0,
                "has " + std::to_string(bytes.size()) + " bytes; expected records of " +
                    std::to_string(kRecord));
  }
  for (std::size_t first = 0; first < bytes.size(); first += kRecord) {
    const std::uint8_t label = bytes[first];
    if (label >= data.num_classes) {
      throw Error(file.string(), 0,
                  "record " + std::to_string(first / kRecord) + " has label " +
                      std::to_string(label) + "; expected 0..9");
    }
    data.labels.push_back(label);
    for (std::size_t p = 0; p < kPixels; ++p) {
      for (std::size_t c = 0; c < kChannels; ++c) {
        data.features.push_back(static_cast<float>(bytes[first + 1 + c * kPixels + p]) / 255.0F);
      }
    }
  }
}

}  // namespace espalier::pruning::data
