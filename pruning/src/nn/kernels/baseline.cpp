// Kernels for any processor of the architecture; the compiler flags of this file are set in
// pruning/CMakeLists.txt.
#include "nn/kernels/kernels.hpp"

namespace espalier::pruning::nn {
namespace {
#include "nn/kernels/gemm.inc"
}  // namespace

const Kernels kBaselineKernels = {
    .instruction_set = "baseline", .gemm = gemm, .gemm_dot = gemm_dot};

}  // namespace espalier::pruning::nn
