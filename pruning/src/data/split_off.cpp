#include "data/split_off.hpp"

#include <utility>

#include "espalier/support/error.hpp"

namespace espalier::pruning::data {

Dataset split_off(Dataset& data, std::size_t count) {
  const std::size_t first = data.size() - count;
  const auto feature =
      data.features.begin() + static_cast<std::ptrdiff_t>(first * data.sample_size());
  const auto label = data.labels.begin() + static_cast<std::ptrdiff_t>(first);
  Dataset tail;
  tail.sample_shape = data.sample_shape;
  tail.num_classes = data.num_classes;
  tail.features.assign(feature, data.features.end());
  tail.labels.assign(label, data.labels.end());
  data.features.erase(feature, data.features.end());
  data.labels.erase(label, data.labels.end());
  return tail;
}

DataSplit split_images(const std::string& data_set, const std::filesystem::path& directory,
                       Dataset train, Dataset test, std::size_t validation_share) {
  if (train.size() < validation_share || test.size() == 0) {
    throw Error(directory.string(), 0,
                "has " + std::to_string(train.size()) + " training and " +
                    std::to_string(test.size()) + " test images; expected at least " +
                    std::to_string(validation_share) + " and 1");
  }
  DataSplit split;
  split.validation = split_off(train, train.size() / validation_share);
  split.train = std::move(train);
  split.test = std::move(test);
  split.description = data_set + " from " + directory.string() + ": " +
                      std::to_string(split.train.size()) + " training, " +
                      std::to_string(split.validation.size()) + " validation and " +
                      std::to_string(split.test.size()) + " test images of " +
                      std::to_string(split.train.sample_shape[0]) + "x" +
                      std::to_string(split.train.sample_shape[1]) + " pixels";
  return split;
}

}  // namespace espalier::pruning::data
