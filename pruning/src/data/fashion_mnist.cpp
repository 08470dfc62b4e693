// Fashion-MNIST (Xiao, Rasul, Vollgraf, "Fashion-MNIST: a Novel Image Dataset for Benchmarking
// Machine Learning Algorithms", arXiv 1708.07747), from the files that the authors publish.
#include <filesystem>
#include <string>

#include "espalier/pruning/dataset.hpp"
#include "espalier/support/error.hpp"

#include "data/idx.hpp"

namespace espalier::pruning {
namespace {

constexpr int kNumClasses = 10;
constexpr int kSide = 28;
// One training image in twelve validates: 5000 of 60,000.
constexpr std::size_t kValidationShare = 12;

/// The file itself or its compressed form, whichever is there.
std::filesystem::path find_file(const std::filesystem::path& directory, const std::string& name) {
  for (const std::string& candidate : {name, name + ".gz"}) {
    if (std::filesystem::exists(directory / candidate)) return directory / candidate;
  }
  throw Error((directory / name).string(), 0,
              "does not exist; expected this file of Fashion-MNIST or " + name + ".gz");
}

/// Pixels become value / 255: white is 1, black is 0, and zero padding is black.
Dataset load_part(const std::filesystem::path& directory, const std::string& prefix) {
  const auto image_file = find_file(directory, prefix + "-images-idx3-ubyte");
  const auto label_file = find_file(directory, prefix + "-labels-idx1-ubyte");
  const data::IdxImages images = data::read_idx_images(image_file);
  if (images.rows != kSide || images.columns != kSide) {
    throw Error(image_file.string(), 0,
                "has images of " + std::to_string(images.rows) + "x" +
                    std::to_string(images.columns) + " pixels; expected 28x28");
  }
  const auto labels = data::read_idx_labels(label_file, kNumClasses);
  if (labels.size() != images.count) {
    throw Error(label_file.string(), 0,
                "has " + std::to_string(labels.size()) + " labels; expected " +
                    std::to_string(images.count) + ", one per image of " +
                    image_file.filename().string());
  }
  Dataset data;
  data.sample_shape = {kSide, kSide, 1};
  data.num_classes = kNumClasses;
  data.labels.assign(labels.begin(), labels.end());
  data.features.reserve(images.pixels.size());
  for (const std::uint8_t pixel : images.pixels) {
    data.features.push_back(static_cast<float>(pixel) / 255.0F);
  }
  return data;
}

/// Takes the last `count` samples off `data`.
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

}  // namespace

DataSplit load_fashion_mnist(const std::filesystem::path& directory) {
  if (!std::filesystem::is_directory(directory)) {
    throw Error(directory.string(), 0,
                "is not a folder; expected the folder with the four files of Fashion-MNIST");
  }
  DataSplit split;
  split.train = load_part(directory, "train");
  split.test = load_part(directory, "t10k");
  if (split.train.size() < kValidationShare || split.test.size() == 0) {
    throw Error(directory.string(), 0,
                "has " + std::to_string(split.train.size()) + " training and " +
                    std::to_string(split.test.size()) + " test images; expected at least " +
                    std::to_string(kValidationShare) + " and 1");
  }
  split.validation = split_off(split.train, split.train.size() / kValidationShare);
  split.description = "Fashion-MNIST from " + directory.string() + ": " +
                      std::to_string(split.train.size()) + " training, " +
                      std::to_string(split.validation.size()) + " validation and " +
                      std::to_string(split.test.size()) + " test images of 28x28 pixels";
  return split;
}

}  // namespace espalier::pruning
