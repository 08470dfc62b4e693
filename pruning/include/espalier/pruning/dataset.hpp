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
  std::vector<int> sample_shape = {};
  int num_classes = 0;
  std::vector<float> features = {};
  std::vector<std::int32_t> labels = {};

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
/// that overlap such that a 16-64-32-32-5 network reaches 75-80 % (78 % to 79 %, a linear model
/// 70 % to 71 %). Each feature is scaled to mean 0 and variance 1 over the training part, and by
/// the same factors in the others. The same bits for a seed on every machine.
DataSplit generate_jets(std::size_t num_train, std::size_t num_validation, std::size_t num_test,
                        std::uint64_t seed);

/// Fashion-MNIST from its four IDX files, plain or .gz. Pixels are value / 255, in [0, 1], so that
/// the background stays 0 like the padding of convolutions. The last twelfth of the training
/// images, 5000 of 60,000, becomes the validation part. Throws Error naming the file and what is
/// wrong with it.
DataSplit load_fashion_mnist(const std::filesystem::path& directory);

/// A user's own data from NumPy files: x_train.npy, y_train.npy, x_test.npy, y_test.npy and, if
/// there, x_val.npy and y_val.npy; without these the last tenth of the training samples becomes the
/// validation part. X_train_val.npy and the like, as notebooks of hls4ml write them, are found too.
///
/// Features have any shape of `sample_shape`'s size behind the samples; labels are class numbers or
/// rows of `num_classes` scores. Throws Error naming the file and what is wrong with it.
DataSplit load_npy_folder(const std::filesystem::path& directory,
                          const std::vector<int>& sample_shape, int num_classes);

/// The MAGIC gamma telescope data from magic04.data or magic04.data.gz: ten features of simulated
/// air showers, classes gamma (0) and hadron (1). The sorted file is shuffled, always in the same
/// way; a fifth is the test part and a fifth of the rest validates. Features are scaled to mean 0
/// and variance 1 over the training part. Throws Error naming file and line.
DataSplit load_magic_gamma(const std::filesystem::path& directory);

/// CIFAR-10, whole or in part, in its binary version: data_batch*.bin or train*.bin, and test*.bin,
/// plain or .gz. Pixels are value / 255. The last fifth of the training images becomes the
/// validation part. Throws Error naming the file and what is wrong with it.
DataSplit load_cifar10(const std::filesystem::path& directory);

/// SVHN, format 2, from train_32x32.mat and test_32x32.mat. Pixels are value / 255, labels are the
/// digits. The last tenth of the training images becomes the validation part. Throws Error naming
/// the file and what is wrong with it.
DataSplit load_svhn(const std::filesystem::path& directory);

}  // namespace espalier::pruning
