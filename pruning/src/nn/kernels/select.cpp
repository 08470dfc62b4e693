#include "nn/kernels/kernels.hpp"

namespace espalier::pruning::nn {
namespace {

struct Supported {
  const Kernels* tables[4] = {&kBaselineKernels, nullptr, nullptr, nullptr};
  int last = 0;

  Supported() noexcept {
#if defined(__x86_64__)
    __builtin_cpu_init();
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (avx2) tables[++last] = &kAvx2Kernels;
    if (avx2 && __builtin_cpu_supports("avx512f")) tables[++last] = &kAvx512Kernels;
#endif
  }
};

const Supported& supported() noexcept {
  static const Supported instance;
  return instance;
}

}  // namespace

const Kernels& kernels() noexcept { return *supported().tables[supported().last]; }

const Kernels* const* supported_kernels() noexcept { return supported().tables; }

}  // namespace espalier::pruning::nn
