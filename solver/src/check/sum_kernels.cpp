#include "check/sum_kernels.hpp"

namespace espalier::solver {
namespace {

const SumKernels& choose_kernels() {
#ifdef ESPALIER_X86_KERNELS
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl")) {
    return kSumKernelsAvx512;
  }
  if (__builtin_cpu_supports("avx2")) return kSumKernelsAvx2;
#endif
  return kSumKernelsBaseline;
}

}  // namespace

const SumKernels& sum_kernels() {
  static const SumKernels& chosen = choose_kernels();
  return chosen;
}

}  // namespace espalier::solver
