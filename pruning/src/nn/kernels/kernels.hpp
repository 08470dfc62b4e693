#pragma once

#include <cstddef>

/// The matrix products that training spends its time in, compiled once per instruction set.
///
/// One binary runs on every x86-64 machine: the table below exists for the baseline and for wider
/// vectors, and `kernels()` picks at run time what the processor has. Each table is deterministic;
/// two tables differ by rounding only (the wide ones fuse multiply and add). Everything behind the
/// tables lives in unnamed namespaces and includes no inline library code, so that the linker can
/// never pick a function with wide instructions for the baseline path.
namespace espalier::pruning::nn {

/// C(m, n) = [C(m, n)] + sum over k of A(m, k) * B(k, n), in order of k for every element.
/// A has any strides, rows of B and C are contiguous; C overlaps neither. Every element depends on
/// its row of A and its column of B only, not on m and n: blocks may be cut anywhere.
struct GemmArguments {
  int m = 0, n = 0, k = 0;
  const float* a = nullptr;
  std::ptrdiff_t a_row = 0, a_column = 0;
  const float* b = nullptr;
  std::ptrdiff_t b_row = 0;
  float* c = nullptr;
  std::ptrdiff_t c_row = 0;
  bool accumulate = false;
};

/// C(m, n) = [C(m, n)] + sum over k of A(m, k) * B(n, k): rows of both factors are contiguous and
/// the sum runs along them, one partial sum per vector lane.
struct GemmDotArguments {
  int m = 0, n = 0, k = 0;
  const float* a = nullptr;
  std::ptrdiff_t a_row = 0;
  const float* b = nullptr;
  std::ptrdiff_t b_row = 0;
  float* c = nullptr;
  std::ptrdiff_t c_row = 0;
  bool accumulate = false;
};

/// Rows of `width` values, `from_row` and `to_row` apart.
struct RowsArguments {
  int rows = 0, width = 0;
  const float* from = nullptr;
  std::ptrdiff_t from_row = 0;
  float* to = nullptr;
  std::ptrdiff_t to_row = 0;
};

struct Kernels {
  const char* instruction_set;
  void (*gemm)(const GemmArguments&) noexcept;
  void (*gemm_dot)(const GemmDotArguments&) noexcept;
  void (*copy_rows)(const RowsArguments&) noexcept;  ///< to = from; they do not overlap
  void (*add_rows)(const RowsArguments&) noexcept;   ///< to += from; likewise
};

extern const Kernels kBaselineKernels;
#if defined(__x86_64__)
extern const Kernels kAvx2Kernels;
extern const Kernels kAvx512Kernels;
#endif

/// The widest table that this processor runs; chosen once.
const Kernels& kernels() noexcept;

/// All tables that this processor runs, the baseline first, ended by a null pointer.
const Kernels* const* supported_kernels() noexcept;

}  // namespace espalier::pruning::nn
