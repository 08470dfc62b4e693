#pragma once

namespace espalier::solver {

/// Kernels are compiled once per instruction set; these are told apart.
enum class InstructionSet { kBaseline, kAvx2, kAvx512 };

/// The widest one that this processor runs and that there are kernels for.
inline InstructionSet instruction_set() noexcept {
#ifdef ESPALIER_X86_KERNELS
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl")) {
    return InstructionSet::kAvx512;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return InstructionSet::kAvx2;
#endif
  return InstructionSet::kBaseline;
}

}  // namespace espalier::solver
