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
  /// Outputs [first, last) along an axis whose window element `offset` lies inside the input.
  struct Range {
    int first, last;
    int size() const noexcept { return last - first; }
  };
  static Range inside(int offset, int pad, int stride, int inputs, int outputs) noexcept {
    // Input = output * stride - shift; it must lie in [0, inputs).
    const int shift = pad - offset;
    const int first = shift <= 0 ? 0 : (shift + stride - 1) / stride;
    const int last = inputs + shift <= 0 ? 0 : (inputs - 1 + shift) / stride + 1;
    return {std::min(first, outputs), std::clamp(last, std::min(first, outputs), outputs)};
  }

  /// For every row of the patch matrix, an image of the outputs: visit(its offset in the matrix,
  /// the rows and columns of it that lie inside the input, the input index of the first of them).
  template <typename Visit>
  void for_each_patch_row(const Visit& visit) const noexcept {
    std::ptrdiff_t patch = 0;
    for (int dy = 0; dy < g_.height; ++dy) {
      const Range rows = inside(dy, g_.pad_top, g_.stride_y, g_.in_height, g_.out_height);
      for (int dx = 0; dx < g_.width; ++dx) {
        const Range columns = inside(dx, g_.pad_left, g_.stride_x, g_.in_width, g_.out_width);
        const std::ptrdiff_t y = std::ptrdiff_t{rows.first} * g_.stride_y + dy - g_.pad_top;
        const std::ptrdiff_t x = std::ptrdiff_t{columns.first} * g_.stride_x + dx - g_.pad_left;
        for (int c = 0; c < g_.channels; ++c, patch += g_.out_pixels()) {
          visit(patch, rows, columns, (c * g_.in_height + y) * g_.in_width + x);
        }
      }
    }
  }

  void gather_patches(const float* input, float* patches) const noexcept {
    for_each_patch_row([&](std::ptrdiff_t patch, Range rows, Range columns, std::ptrdiff_t first) {
      if (rows.size() < g_.out_height || columns.size() < g_.out_width) {
        std::fill_n(patches + patch, g_.out_pixels(), 0.0F);
      }
      if (rows.size() == 0 || columns.size() == 0) return;
      float* to = patches + patch + rows.first * g_.out_width + columns.first;
      const std::ptrdiff_t from_row = std::ptrdiff_t{g_.stride_y} * g_.in_width;
      if (g_.stride_x == 1) {
        kernels_.copy_rows({.rows = rows.size(),
                            .width = columns.size(),
                            .from = input + first,
                            .from_row = from_row,
                            .to = to,
                            .to_row = g_.out_width});
        return;
      }
      for (int y = 0; y < rows.size(); ++y) {
        const float* from = input + first + y * from_row;
        for (int x = 0; x < columns.size(); ++x) to[y * g_.out_width + x] = from[x * g_.stride_x];
      }
    });
  }

  void scatter_patches(const float* patches, float* input_gradient) const noexcept {
    std::fill_n(input_gradient, in_size_, 0.0F);
    for_each_patch_row([&](std::ptrdiff_t patch, Range rows, Range columns, std::ptrdiff_t first) {
      if (rows.size() == 0 || columns.size() == 0) return;
      const float* from = patches + patch + rows.first * g_.out_width + columns.first;
      const std::ptrdiff_t to_row = std::ptrdiff_t{g_.stride_y} * g_.in_width;
      if (g_.stride_x == 1) {
        kernels_.add_rows({.rows = rows.size(),
                           .width = columns.size(),
                           .from = from,
                           .from_row = g_.out_width,
                           .to = input_gradient + first,
                           .to_row = to_row});
        return;
      }
      for (int y = 0; y < rows.size(); ++y) {
        float* to = input_gradient + first + y * to_row;
        for (int x = 0; x < columns.size(); ++x) to[x * g_.stride_x] += from[y * g_.out_width + x];
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
