#include "lp/lp_state.hpp"

namespace espalier::solver {
namespace {

const LpKernels& choose_kernels() {
#ifdef ESPALIER_X86_KERNELS
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl")) {
    return kLpKernelsAvx512;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return kLpKernelsAvx2;
#endif
  return kLpKernelsBaseline;
}

}  // namespace

const LpKernels& lp_kernels() {
  static const LpKernels& chosen = choose_kernels();
  return chosen;
}

}  // namespace espalier::solver
