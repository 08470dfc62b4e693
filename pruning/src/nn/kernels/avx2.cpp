// Kernels for AVX2 and FMA; the compiler flags of this file are set in pruning/CMakeLists.txt.
#include "nn/kernels/kernels.hpp"

namespace espalier::pruning::nn {
namespace {
#include "nn/kernels/gemm.inc"
#include "nn/kernels/rows.inc"
}  // namespace

const Kernels kAvx2Kernels = {.instruction_set = "avx2",
                              .gemm = gemm,
                              .gemm_dot = gemm_dot,
                              .copy_rows = copy_rows,
                              .add_rows = add_rows};

}  // namespace espalier::pruning::nn
