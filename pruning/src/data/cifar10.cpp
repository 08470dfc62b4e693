// CIFAR-10 (Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009) in its
// binary version, whole or in part.
#include <algorithm>
#include <string>
#include <vector>

#include "espalier/pruning/dataset.hpp"
#include "espalier/support/error.hpp"

#include "data/find_file.hpp"
#include "data/image_records.hpp"
#include "data/split_off.hpp"

namespace espalier::pruning {
namespace {

// One training image in five validates: parts of the set are small.
constexpr std::size_t kValidationShare = 5;

/// Every file whose name begins so, in the order of the names.
Dataset load_part(const std::filesystem::path& directory,
                  const std::vector<std::string>& prefixes) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    const std::string name = entry.path().filename().string();
    const bool is_wanted =
        std::any_of(prefixes.begin(), prefixes.end(),
                    [&](const std::string& prefix) { return name.rfind(prefix, 0) == 0; });
    const bool is_binary = name.ends_with(".bin") || name.ends_with(".bin.gz");
    if (is_wanted && is_binary) files.push_back(entry.path());
  }
  if (files.empty()) {
    throw Error(
        directory.string(), 0,
        "has no file " + prefixes.front() + "*.bin; expected the binary version of CIFAR-10");
  }
  std::sort(files.begin(), files.end());
  Dataset data = data::empty_color_images();
  for (const auto& file : files) data::append_image_records(file, data);
  return data;
}

}  // namespace

DataSplit load_cifar10(const std::filesystem::path& directory) {
  data::require_folder(directory, "the binary version of CIFAR-10");
  return data::split_images("CIFAR-10", directory, load_part(directory, {"data_batch", "train"}),
                            load_part(directory, {"test"}), kValidationShare);
}

}  // namespace espalier::pruning
