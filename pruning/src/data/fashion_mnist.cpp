// Fashion-MNIST (Xiao, Rasul, Vollgraf, "Fashion-MNIST: a Novel Image Dataset for Benchmarking
// Machine Learning Algorithms", arXiv 1708.07747), from the files that the authors publish.
#include <filesystem>
#include <string>

#include "espalier/pruning/dataset.hpp"
#include "espalier/support/error.hpp"

#include "data/find_file.hpp"
#include "data/idx.hpp"
#include "data/split_off.hpp"

namespace espalier::pruning {
namespace {

constexpr int kNumClasses = 10;
constexpr int kSide = 28;
// One training image in twelve validates: 5000 of 60,000.
constexpr std::size_t kValidationShare = 12;

/// Pixels become value / 255: white is 1, black is 0, and zero padding is black.
Dataset load_part(const std::filesystem::path& directory, const std::string& prefix) {
  const auto image_file =
      data::find_file(directory, prefix + "-images-idx3-ubyte", "Fashion-MNIST");
  const auto label_file =
      data::find_file(directory, prefix + "-labels-idx1-ubyte", "Fashion-MNIST");
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

}  // namespace

DataSplit load_fashion_mnist(const std::filesystem::path& directory) {
  data::require_folder(directory, "the four files of Fashion-MNIST");
  return data::split_images("Fashion-MNIST", directory, load_part(directory, "train"),
                            load_part(directory, "t10k"), kValidationShare);
}

}  // namespace espalier::pruning
