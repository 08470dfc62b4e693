#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace espalier::pruning {

/// Labelled samples. `features` is row-major, one sample after the other; images are height, width,
/// channels. Labels are in [0, num_classes).
struct Dataset {
  std::vector<int> sample_shape;
  int num_classes = 0;
  std::vector<float> features;
  std::vector<std::int32_t> labels;

  std::size_t size() const noexcept { return labels.size(); }
  std::size_t sample_size() const noexcept;
  std::span<const float> sample(std::size_t i) const noexcept;
};

/// The three disjoint parts of a task. Choices are made on `validation`; `test` is only reported.
struct DataSplit {
  std::string description;  ///< one line for reports: what it is, where from, how many samples
  Dataset train;
  Dataset validation;
  Dataset test;
};

/// A generated stand-in for the LHC jet data: 16 standardised features, 5 classes (g, q, t, w, z)
/// that overlap such that a 16-64-32-32-5 network reaches 75-80 %. The same for a seed everywhere.
DataSplit generate_jets(std::size_t num_train, std::size_t num_validation, std::size_t num_test,
                        std::uint64_t seed);

/// Fashion-MNIST from its four IDX files, plain or .gz; pixels in [0, 1], the last 5000 training
/// images become the validation part. Throws Error naming the file and what is wrong with it.
DataSplit load_fashion_mnist(const std::filesystem::path& directory);

}  // namespace espalier::pruning
