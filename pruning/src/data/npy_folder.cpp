// A user's own data: NumPy files in a folder, under the names that people give them.

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <optional>
#include <string>

#include "espalier/pruning/dataset.hpp"
#include "espalier/support/error.hpp"

#include "data/npy.hpp"
#include "data/split_off.hpp"

namespace espalier::pruning {
namespace {

namespace fs = std::filesystem;

std::optional<fs::path> find_part(const fs::path& folder, const std::string& letters,
                                  std::initializer_list<const char*> parts) {
  for (const char* const part : parts) {
    for (const char letter : letters) {
      const fs::path file = folder / (letter + ("_" + std::string(part)) + ".npy");
      if (fs::exists(file)) return file;
    }
  }
  return std::nullopt;
}

fs::path require_part(const fs::path& folder, const std::string& letters,
                      std::initializer_list<const char*> parts) {
  if (const auto file = find_part(folder, letters, parts)) return *file;
  throw Error(folder.string(), 0,
              "has no file " + letters.substr(0, 1) + "_" + *parts.begin() +
                  ".npy; expected x_train.npy, y_train.npy, x_test.npy and y_test.npy");
}

void read_features(const fs::path& file, Dataset& part) {
  const data::NpyArray array = data::read_npy(file);
  const std::size_t size = part.sample_size();
  const std::size_t samples = array.shape.empty() ? 0 : static_cast<std::size_t>(array.shape[0]);
  if (samples == 0 || array.values.size() != samples * size) {
    throw Error(file.string(), 0,
                "has " + std::to_string(samples) + " samples of together " +
                    std::to_string(array.values.size()) + " values; expected " +
                    std::to_string(size) + " values for each");
  }
  part.features.reserve(array.values.size());
  for (const double value : array.values) {
    if (!std::isfinite(value)) throw Error(file.string(), 0, "has values that are not finite");
    part.features.push_back(static_cast<float>(value));
  }
}

/// Class numbers, or one row of scores per sample with the largest at the class.
void read_labels(const fs::path& file, Dataset& part) {
  const data::NpyArray array = data::read_npy(file);
  const std::size_t samples = part.features.size() / part.sample_size();
  const auto classes = static_cast<std::size_t>(part.num_classes);
  if (array.values.size() == samples) {
    for (const double label : array.values) {
      if (!(label >= 0 && label < part.num_classes && std::floor(label) == label)) {
        throw Error(file.string(), 0,
                    "has label " + std::to_string(label) + "; expected 0 to " +
                        std::to_string(part.num_classes - 1));
      }
      part.labels.push_back(static_cast<std::int32_t>(label));
    }
  } else if (array.values.size() == samples * classes) {
    for (std::size_t i = 0; i < samples; ++i) {
      const auto row = array.values.begin() + static_cast<std::ptrdiff_t>(i * classes);
      const auto top = std::max_element(row, row + part.num_classes);
      part.labels.push_back(static_cast<std::int32_t>(top - row));
    }
  } else {
    throw Error(file.string(), 0,
                "has " + std::to_string(array.values.size()) +
                    " values; expected a class number "
                    "or " +
                    std::to_string(classes) + " scores for each of " + std::to_string(samples) +
                    " samples");
  }
}

}  // namespace

DataSplit load_npy_folder(const fs::path& folder, const std::vector<int>& sample_shape,
                          int num_classes) {
  const auto read = [&](const fs::path& features, const fs::path& labels) {
    Dataset part{
        .sample_shape = sample_shape, .num_classes = num_classes, .features = {}, .labels = {}};
    read_features(features, part);
    read_labels(labels, part);
    return part;
  };
  DataSplit data;
  data.train = read(require_part(folder, "xX", {"train", "train_val"}),
                    require_part(folder, "yY", {"train", "train_val"}));
  data.test = read(require_part(folder, "xX", {"test"}), require_part(folder, "yY", {"test"}));
  if (const auto features = find_part(folder, "xX", {"val", "validation"})) {
    data.validation = read(*features, require_part(folder, "yY", {"val", "validation"}));
  } else {
    data.validation =
        pruning::data::split_off(data.train, std::max<std::size_t>(data.train.size() / 10, 1));
  }
  data.description = folder.filename().string() + ": " + std::to_string(data.train.size()) +
                     " training, " + std::to_string(data.validation.size()) + " validation, " +
                     std::to_string(data.test.size()) + " test samples";
  return data;
}

}  // namespace espalier::pruning
