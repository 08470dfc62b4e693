// Convolution as a matrix product (Chellapilla, Puri, Simard, "High performance convolutional
// neural networks for document processing", 2006): per sample the patches under all windows form a
// matrix P (kh * kw * c rows, one column per output pixel), and with the kernel K (kh, kw, c, f) as
// a matrix of f columns
//   Y = K' P + b,  dK = sum over samples of P dY',  dP = K dY, added back into the input gradient.
// P is written again for the backward pass instead of kept: copying rows is cheaper than the cache
// that a chunk of patch matrices would displace.
#include <algorithm>

#include "nn/kernels/kernels.hpp"
#include "nn/layer_op.hpp"
#include "nn/window.hpp"

namespace espalier::pruning::nn {
namespace {

/// Sum with several running totals, so that one addition need not wait for the last.
float sum_of(const float* values, int count) noexcept {
  constexpr int kTotals = 16;
  float totals[kTotals] = {};
  int i = 0;
  for (; i + kTotals <= count; i += kTotals) {
    for (int t = 0; t < kTotals; ++t) totals[t] += values[i + t];
  }
  for (int t = 0; i < count; ++i, ++t) totals[t] += values[i];
  float sum = 0.0F;
  for (const float total : totals) sum += total;
  return sum;
}

class Conv2D final : public LayerOp {
 public:
  Conv2D(const WindowGeometry& geometry, int filters) : g_(geometry), filters_(filters) {
    in_size_ = std::ptrdiff_t{g_.channels} * g_.in_pixels();
    out_size_ = std::ptrdiff_t{filters_} * g_.out_pixels();
  }

  void forward(const LayerBuffers& x) const noexcept override {
    for (int s = 0; s < x.count; ++s) {
      float* output = x.output + s * out_size_;
      gather_patches(x.input + s * in_size_, x.scratch);
      for (int f = 0; f < filters_; ++f) {
        std::fill_n(output + std::ptrdiff_t{f} * g_.out_pixels(), g_.out_pixels(), x.bias[f]);
      }
      kernels_.gemm({.m = filters_,
                     .n = g_.out_pixels(),
                     .k = g_.depth(),
                     .a = x.kernel,
                     .a_row = 1,
                     .a_column = filters_,
                     .b = x.scratch,
                     .b_row = g_.out_pixels(),
                     .c = output,
                     .c_row = g_.out_pixels(),
                     .accumulate = true});
    }
  }

  void backward(const LayerBuffers& x, const LayerGradientBuffers& g) const noexcept override {
    std::fill_n(g.bias_gradient, filters_, 0.0F);
    for (int s = 0; s < x.count; ++s) {
      const float* output_gradient = g.output_gradient + s * out_size_;
      gather_patches(x.input + s * in_size_, x.scratch);
      kernels_.gemm_dot({.m = g_.depth(),
                         .n = filters_,
                         .k = g_.out_pixels(),
                         .a = x.scratch,
                         .a_row = g_.out_pixels(),
                         .b = output_gradient,
                         .b_row = g_.out_pixels(),
                         .c = g.kernel_gradient,
                         .c_row = filters_,
                         .accumulate = s > 0});
      for (int f = 0; f < filters_; ++f) {
        g.bias_gradient[f] +=
            sum_of(output_gradient + std::ptrdiff_t{f} * g_.out_pixels(), g_.out_pixels());
      }
      if (g.input_gradient == nullptr) continue;
      kernels_.gemm({.m = g_.depth(),
                     .n = g_.out_pixels(),
                     .k = filters_,
                     .a = x.kernel,
                     .a_row = filters_,
                     .a_column = 1,
                     .b = output_gradient,
                     .b_row = g_.out_pixels(),
                     .c = x.scratch,
                     .c_row = g_.out_pixels()});
      scatter_patches(x.scratch, g.input_gradient + s * in_size_);
    }
  }

  std::size_t scratch_size() const noexcept override {
    return static_cast<std::size_t>(g_.depth()) * static_cast<std::size_t>(g_.out_pixels());
  }

 private:
  /// Output columns [first, last) whose window element `x` lies inside the input.
  struct Range {
    int first, last;
  };
  Range inside(int x) const noexcept {
    // Input column = output column * stride - shift; it must lie in [0, in_width).
    const int shift = g_.pad_left - x;
    const int first = shift <= 0 ? 0 : (shift + g_.stride_x - 1) / g_.stride_x;
    const int last = g_.in_width + shift <= 0 ? 0 : (g_.in_width - 1 + shift) / g_.stride_x + 1;
    return {std::min(first, g_.out_width), std::min(last, g_.out_width)};
  }

  /// For every run of out_width patch values: visit(its offset in the patches, the offset of the
  /// input value that belongs to its first column, the columns that lie inside the input).
  template <typename Visit>
  void for_each_patch_row(const Visit& visit) const noexcept {
    std::ptrdiff_t patch = 0;
    for (int dy = 0; dy < g_.height; ++dy) {
      for (int dx = 0; dx < g_.width; ++dx) {
        const Range columns = inside(dx);
        for (int c = 0; c < g_.channels; ++c) {
          for (int y = 0; y < g_.out_height; ++y, patch += g_.out_width) {
            const int in_y = y * g_.stride_y + dy - g_.pad_top;
            const bool empty = in_y < 0 || in_y >= g_.in_height || columns.first >= columns.last;
            const std::ptrdiff_t row = (std::ptrdiff_t{c} * g_.in_height + in_y) * g_.in_width;
            visit(patch, row + dx - g_.pad_left, empty ? Range{0, 0} : columns);
          }
        }
      }
    }
  }

  void gather_patches(const float* input, float* patches) const noexcept {
    for_each_patch_row([&](std::ptrdiff_t patch, std::ptrdiff_t row, Range columns) {
      float* to = patches + patch;
      std::fill(to, to + columns.first, 0.0F);
      if (g_.stride_x == 1) {
        std::copy_n(input + row + columns.first, columns.last - columns.first, to + columns.first);
      } else {
        for (int x = columns.first; x < columns.last; ++x) to[x] = input[row + x * g_.stride_x];
      }
      std::fill(to + columns.last, to + g_.out_width, 0.0F);
    });
  }

  void scatter_patches(const float* patches, float* input_gradient) const noexcept {
    std::fill_n(input_gradient, in_size_, 0.0F);
    for_each_patch_row([&](std::ptrdiff_t patch, std::ptrdiff_t row, Range columns) {
      const float* from = patches + patch;
      for (int x = columns.first; x < columns.last; ++x) {
        input_gradient[row + x * g_.stride_x] += from[x];
      }
    });
  }

  WindowGeometry g_;
  int filters_;
  std::ptrdiff_t in_size_ = 0, out_size_ = 0;
  const Kernels& kernels_ = kernels();
};

}  // namespace

std::unique_ptr<LayerOp> make_conv2d(const std::vector<int>& input_shape, const NetLayer& layer) {
  return std::make_unique<Conv2D>(window_geometry(input_shape, layer), layer.units);
}

}  // namespace espalier::pruning::nn
