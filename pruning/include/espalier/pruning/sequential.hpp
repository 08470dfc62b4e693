#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace espalier::pruning {

enum class NetLayerType {
  kDense,
  kConv2D,
  kMaxPool2D,
  kAveragePool2D,
  kFlatten,
  kRelu,
  kBatchNorm,  ///< see BatchNormParameters
  kDropout,    ///< zeroes values while training (Srivastava et al. 2014), does nothing afterwards
};
enum class NetPadding { kValid, kSame };

/// One layer of a network to train; sizes of inputs follow from the layer before.
struct NetLayer {
  std::string name = {};
  NetLayerType type = NetLayerType::kDense;
  int units = 0;                       ///< dense outputs or convolution filters
  std::array<int, 2> window = {1, 1};  ///< convolution kernel or pool window
  std::array<int, 2> stride = {1, 1};  ///< pools: normally the window
  NetPadding padding = NetPadding::kValid;
  float dropout_rate = 0.0F;  ///< share of the values that a dropout layer zeroes, in [0, 1)
};

/// Batch normalisation (Ioffe and Szegedy 2015), one entry per channel or feature:
/// y = scale * (x - mean) / sqrt(variance + kEpsilon) + shift. While training, mean and variance
/// are those of the samples at hand; the ones here are their running averages.
struct BatchNormParameters {
  static constexpr float kEpsilon = 1e-3F;  ///< Keras' default
  std::vector<float> scale, shift, mean, variance;
};

/// A chain of layers with float32 parameters in the layouts of Keras: dense kernels (in, out),
/// convolution kernels (kh, kw, c, f), row-major. The network ends in logits; softmax belongs to
/// the loss. Copyable; a copy has its own parameters.
class Sequential {
 public:
  /// `input_shape` is {features} or {height, width, channels}. Throws Error naming the layer when
  /// shapes do not fit.
  Sequential(std::vector<int> input_shape, std::vector<NetLayer> layers);

  /// He initialisation (He et al. 2015) of kernels, biases zero, normalisations neutral;
  /// reproducible for a seed.
  void initialize(std::uint64_t seed);

  int num_layers() const noexcept { return static_cast<int>(layers_.size()); }
  const NetLayer& layer(int i) const { return layers_[static_cast<std::size_t>(i)]; }
  const std::vector<int>& input_shape() const noexcept { return input_shape_; }
  /// Shape of the output of layer i; -1 gives the input shape.
  const std::vector<int>& output_shape(int i) const;
  int num_classes() const { return output_shape(num_layers() - 1).back(); }

  bool has_weights(int i) const noexcept;
  std::span<float> kernel(int i) { return kernels_[static_cast<std::size_t>(i)]; }
  std::span<const float> kernel(int i) const { return kernels_[static_cast<std::size_t>(i)]; }
  std::span<float> bias(int i) { return biases_[static_cast<std::size_t>(i)]; }
  std::span<const float> bias(int i) const { return biases_[static_cast<std::size_t>(i)]; }
  /// All four vectors are empty for other layers than batch normalisations.
  BatchNormParameters& batch_norm(int i) { return batch_norms_[static_cast<std::size_t>(i)]; }
  const BatchNormParameters& batch_norm(int i) const {
    return batch_norms_[static_cast<std::size_t>(i)];
  }

 private:
  std::vector<int> input_shape_;
  std::vector<NetLayer> layers_;
  std::vector<std::vector<int>> output_shapes_;
  std::vector<std::vector<float>> kernels_;  ///< empty for layers without weights
  std::vector<std::vector<float>> biases_;
  std::vector<BatchNormParameters> batch_norms_;
};

/// The network that computes the same without batch normalisations: each becomes part of the kernel
/// and bias right before it, as hls4ml does it, so that structures are formed of the weights that
/// the hardware has. Dropout stays, for the training to come. Throws Error naming a normalisation
/// that follows something else than a dense layer or convolution.
Sequential fold_batch_norm(const Sequential& network);

/// The network of the SVHN task for 32x32x3 images (Aarrestad et al., "Fast convolutional neural
/// networks on FPGAs with hls4ml", 2021): three blocks of conv 3x3 (16, 16, 24 filters), batch
/// normalisation, ReLU and 2x2 max pool; dense 42, 64, 10 with batch normalisation and ReLU
/// between.
Sequential make_svhn_cnn();

/// The 16-64-32-32-5 multi-layer perceptron of the jet task, ReLU between.
Sequential make_jet_mlp();

/// LeNet-5 for 28x28x1 images: conv 5x5x6 'same', pool, conv 5x5x16, pool,
/// dense 120, 84, 10; ReLU after each but the last, 2x2 max pools.
Sequential make_lenet();

}  // namespace espalier::pruning
