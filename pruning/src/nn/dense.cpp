// Fully connected layer: Y = X W + b with W (in, out) row-major.
//   dW = X' dY,  db = column sums of dY,  dX = dY W'
#include <algorithm>

#include "nn/kernels/kernels.hpp"
#include "nn/layer_op.hpp"

namespace espalier::pruning::nn {
namespace {

class Dense final : public LayerOp {
 public:
  Dense(int inputs, int outputs) : inputs_(inputs), outputs_(outputs) {}

  void forward(const LayerBuffers& x) const noexcept override {
    for (int s = 0; s < x.count; ++s) {
      std::copy_n(x.bias, outputs_, x.output + std::ptrdiff_t{s} * outputs_);
    }
    kernels_.gemm({.m = x.count,
                   .n = outputs_,
                   .k = inputs_,
                   .a = x.input,
                   .a_row = inputs_,
                   .a_column = 1,
                   .b = x.kernel,
                   .b_row = outputs_,
                   .c = x.output,
                   .c_row = outputs_,
                   .accumulate = true});
  }

  void backward(const LayerBuffers& x, const LayerGradientBuffers& g) const noexcept override {
    kernels_.gemm({.m = inputs_,
                   .n = outputs_,
                   .k = x.count,
                   .a = x.input,
                   .a_row = 1,
                   .a_column = inputs_,
                   .b = g.output_gradient,
                   .b_row = outputs_,
                   .c = g.kernel_gradient,
                   .c_row = outputs_});
    std::fill_n(g.bias_gradient, outputs_, 0.0F);
    for (int s = 0; s < x.count; ++s) {
      const float* row = g.output_gradient + std::ptrdiff_t{s} * outputs_;
      for (int o = 0; o < outputs_; ++o) g.bias_gradient[o] += row[o];
    }
    if (g.input_gradient == nullptr) return;
    kernels_.gemm({.m = x.count,
                   .n = inputs_,
                   .k = outputs_,
                   .a = g.output_gradient,
                   .a_row = outputs_,
                   .a_column = 1,
                   .b = g.transposed_kernel,
                   .b_row = inputs_,
                   .c = g.input_gradient,
                   .c_row = inputs_});
  }

  void transpose_kernel(const float* kernel, float* transposed) const noexcept override {
    for (int o = 0; o < outputs_; ++o) {
      float* row = transposed + std::ptrdiff_t{o} * inputs_;
      for (int i = 0; i < inputs_; ++i) row[i] = kernel[std::ptrdiff_t{i} * outputs_ + o];
    }
  }

 private:
  int inputs_, outputs_;
  const Kernels& kernels_ = kernels();
};

}  // namespace

std::unique_ptr<LayerOp> make_dense(int inputs, int outputs) {
  return std::make_unique<Dense>(inputs, outputs);
}

}  // namespace espalier::pruning::nn
