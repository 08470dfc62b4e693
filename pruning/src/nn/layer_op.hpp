#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "espalier/pruning/sequential.hpp"

namespace espalier::pruning::nn {

/// What a layer works on: `count` samples one after the other. Flat activations are plain vectors;
/// images are planar (channel, row, column), so that vectors run along pixels and not along the few
/// channels of small networks. Only the network's input and Flatten touch the interleaved order
/// (row, column, channel) of Keras.
struct LayerBuffers {
  int count = 0;
  const float* input = nullptr;
  float* output = nullptr;
  const float* kernel = nullptr;
  const float* bias = nullptr;
  float* scratch = nullptr;         ///< scratch_size() values; contents do not survive the call
  std::int32_t* indices = nullptr;  ///< indices_per_sample() * count; from forward to backward
  bool training = false;            ///< batch normalisation and dropout act differently
  std::uint64_t noise = 0;          ///< of these samples in this layer; equal on the way back
};

/// The same samples on the way back.
struct LayerGradientBuffers {
  const float* output_gradient = nullptr;
  float* input_gradient = nullptr;           ///< null when nobody needs it (the first layer)
  float* kernel_gradient = nullptr;          ///< overwritten with the sum over the samples
  float* bias_gradient = nullptr;            ///< likewise
  const float* transposed_kernel = nullptr;  ///< as transpose_kernel() wrote it
};

/// Forward and backward computation of one layer. Holds sizes only and no parameters or
/// activations, so that all threads share it.
class LayerOp {
 public:
  virtual ~LayerOp() = default;

  virtual void forward(const LayerBuffers& buffers) const noexcept = 0;
  virtual void backward(const LayerBuffers& buffers,
                        const LayerGradientBuffers& gradients) const noexcept = 0;

  /// The output is written over the input and the input gradient over the output gradient: the
  /// pointers are equal. The layer before finds its output changed, which none minds.
  virtual bool works_in_place() const noexcept { return false; }
  virtual std::size_t scratch_size() const noexcept { return 0; }
  virtual std::size_t indices_per_sample() const noexcept { return 0; }
  /// Fills `transposed` (as large as the kernel) with what backward reads; once per update.
  virtual void transpose_kernel(const float* /*kernel*/, float* /*transposed*/) const noexcept {}
};

std::unique_ptr<LayerOp> make_dense(int inputs, int outputs);
std::unique_ptr<LayerOp> make_conv2d(const std::vector<int>& input_shape, const NetLayer& layer);
std::unique_ptr<LayerOp> make_max_pool(const std::vector<int>& input_shape, const NetLayer& layer);
std::unique_ptr<LayerOp> make_average_pool(const std::vector<int>& input_shape,
                                           const NetLayer& layer);
std::unique_ptr<LayerOp> make_flatten(const std::vector<int>& input_shape);
std::unique_ptr<LayerOp> make_relu(const std::vector<int>& input_shape);
std::unique_ptr<LayerOp> make_batch_norm(const std::vector<int>& input_shape);
std::unique_ptr<LayerOp> make_dropout(const std::vector<int>& input_shape, float rate);

}  // namespace espalier::pruning::nn
