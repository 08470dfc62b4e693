// Street View House Numbers (Netzer, Wang, Coates, Bissacco, Wu, Ng 2011), format 2: cropped digits
// of 32x32 pixels, from the files that the authors publish. X is row, column, channel, image; y
// holds 1 to 10, where 10 is the digit 0.
#include <string>
#include <utility>
#include <vector>

#include "espalier/pruning/dataset.hpp"
#include "espalier/support/error.hpp"

#include "data/find_file.hpp"
#include "data/image_records.hpp"
#include "data/mat5.hpp"
#include "data/split_off.hpp"

namespace espalier::pruning {
namespace {

using data::MatArray;

// One training image in ten validates.
constexpr std::size_t kValidationShare = 10;
constexpr std::size_t kSide = 32;
constexpr std::size_t kChannels = 3;

const MatArray& find_array(const std::vector<MatArray>& arrays, const std::string& name,
                           const std::filesystem::path& file) {
  for (const MatArray& array : arrays) {
    if (array.name == name) return array;
  }
  throw Error(file.string(), 0, "has no array '" + name + "'; expected a file of SVHN, format 2");
}

void check_shapes(const MatArray& images, const MatArray& labels,
                  const std::filesystem::path& file) {
  const bool has_images = images.type == MatArray::Type::kUint8 && images.extents.size() == 4 &&
                          images.extents[0] == 32 && images.extents[1] == 32 &&
                          images.extents[2] == 3;
  if (!has_images || static_cast<std::int64_t>(labels.size()) != images.extents[3]) {
    throw Error(file.string(), 0,
                "has arrays of other shapes; expected bytes X of 32x32x3xN and N labels y");
  }
}

Dataset load_part(const std::filesystem::path& directory, const std::string& name) {
  const auto file = data::find_file(directory, name, "SVHN");
  const std::vector<MatArray> arrays = data::read_mat5(file);
  const MatArray& images = find_array(arrays, "X", file);
  const MatArray& labels = find_array(arrays, "y", file);
  check_shapes(images, labels, file);
  Dataset part = data::empty_color_images();
  part.features.reserve(images.size());
  for (std::size_t n = 0; n < labels.size(); ++n) {
    const double label = labels.value(n);
    if (!(label >= 1.0 && label <= 10.0)) {
      throw Error(
          file.string(), 0,
          "label " + std::to_string(n) + " is " + std::to_string(label) + "; expected 1..10");
    }
    part.labels.push_back(static_cast<std::int32_t>(label) % 10);
    const std::size_t image = n * kSide * kSide * kChannels;
    for (std::size_t row = 0; row < kSide; ++row) {
      for (std::size_t column = 0; column < kSide; ++column) {
        for (std::size_t c = 0; c < kChannels; ++c) {
          const std::size_t place = image + (c * kSide + column) * kSide + row;
          part.features.push_back(static_cast<float>(images.bytes[place]) / 255.0F);
        }
      }
    }
  }
  return part;
}

}  // namespace

DataSplit load_svhn(const std::filesystem::path& directory) {
  data::require_folder(directory, "train_32x32.mat and test_32x32.mat");
  return data::split_images("SVHN", directory, load_part(directory, "train_32x32.mat"),
                            load_part(directory, "test_32x32.mat"), kValidationShare);
}

}  // namespace espalier::pruning
