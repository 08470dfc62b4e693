#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "espalier/pruning/sequential.hpp"
#include "espalier/pruning/train.hpp"

#include "nn/layer_op.hpp"
#include "nn/parameter_layout.hpp"
#include "nn/rounding.hpp"

namespace espalier::pruning::nn {

/// Activations and scratch of one thread for up to `capacity` samples; made once, used for every
/// block. Contents mean nothing between calls, except from forward() to the backward() after it.
struct Workspace {
  int capacity = 0;
  std::vector<float> input;
  std::vector<std::vector<float>> outputs;         ///< per layer; empty where it works in place
  std::vector<float*> output_of;                   ///< where each layer's output lies
  std::vector<std::vector<std::int32_t>> indices;  ///< per layer
  /// Per layer, for training through types that wrap around: outputs that left the range, see
  /// FixedPointRounding::saturate().
  std::vector<std::vector<std::int8_t>> beyond;
  std::vector<float> scratch;
  std::vector<float> gradients[2];  ///< of a layer's output and of its input
};

/// A network ready to run: one LayerOp per layer, sizes and the parameter layout, no parameters.
/// Immutable; threads share it and bring a Workspace each.
class Chain {
 public:
  explicit Chain(const Sequential& network, const NetworkFixedPoint& fixed_point = {});

  const ParameterLayout& layout() const noexcept { return layout_; }
  std::size_t input_size() const noexcept { return input_size_; }
  int num_classes() const noexcept { return num_classes_; }

  enum class Purpose { kForward, kForwardAndBackward };
  Workspace make_workspace(int capacity, Purpose purpose) const;

  /// Puts a sample (row, column, channel) into place `slot` of the workspace's input.
  void load_sample(Workspace& workspace, int slot, const float* sample) const noexcept;

  /// Whether some parameter has a fixed-point type.
  bool rounds_parameters() const noexcept { return rounds_parameters_; }
  /// Parameters as their types hold them; `rounded` has layout().size().
  void round_parameters(const float* parameters, float* rounded) const noexcept;
  /// Brings parameters into the range of their types.
  void clamp_parameters(float* parameters) const noexcept;

  /// A pass that trains: statistics of its own samples, and dropout drawn from `noise`.
  ///
  /// A value that wraps around has lost its meaning, and its gradient drives it further out: the
  /// larger the logit of the right class, the larger the loss. While training, values beyond the
  /// range stay at its end, and `pull_back` times their direction is added to their gradient, so
  /// that they return: the gradient of pull_back * |excess|.
  struct Training {
    std::uint64_t noise = 0;
    float pull_back = 0.0F;
  };

  /// Logits of the first `count` loaded samples, row-major; they live in the workspace.
  const float* forward(Workspace& workspace, const float* parameters, int count,
                       std::optional<Training> training = {}) const noexcept;

  /// Transposed copies of the kernels, which backward() reads; `transposed` has layout().size().
  void transpose_kernels(const float* parameters, float* transposed) const noexcept;

  /// Where the gradient of the loss by the logits goes, between forward() and backward().
  static float* logit_gradient(Workspace& workspace) noexcept {
    return workspace.gradients[0].data();
  }

  /// Sum over the samples of the last forward() of the parameter gradients, written to `gradient`
  /// in the layout's order.
  /// `training` as in that forward().
  void backward(Workspace& workspace, const float* parameters, const float* transposed, int count,
                float* gradient, std::optional<Training> training = {}) const noexcept;

 private:
  /// Types of a layer, ready to apply.
  struct LayerRounding {
    std::optional<FixedPointRounding> kernel, bias, accum, output;
  };

  void round_outputs(Workspace& workspace, std::size_t layer, std::size_t count,
                     bool is_training) const noexcept;
  LayerBuffers buffers(Workspace& workspace, std::size_t layer, const float* parameters, int count,
                       std::optional<Training> training) const noexcept;

  ParameterLayout layout_;
  std::vector<std::unique_ptr<LayerOp>> ops_;
  std::vector<std::size_t> output_sizes_;
  std::vector<LayerRounding> roundings_;  ///< one per layer
  bool rounds_parameters_ = false;
  std::size_t input_size_ = 0;
  int input_channels_ = 1;
  int num_classes_ = 0;
  std::optional<FixedPointRounding> input_rounding_;
  std::size_t first_trained_ = 0;  ///< nothing before this layer has parameters
};

}  // namespace espalier::pruning::nn
