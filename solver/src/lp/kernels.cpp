#include "lp/lp_state.hpp"
#include "model/instruction_set.hpp"

namespace espalier::solver {
namespace {

const LpKernels& choose_kernels() {
#ifdef ESPALIER_X86_KERNELS
  const InstructionSet set = instruction_set();
  if (set == InstructionSet::kAvx512) return kLpKernelsAvx512;
  if (set == InstructionSet::kAvx2) return kLpKernelsAvx2;
#endif
  return kLpKernelsBaseline;
}

}  // namespace

const LpKernels& lp_kernels() {
  static const LpKernels& chosen = choose_kernels();
  return chosen;
}

}  // namespace espalier::solver
