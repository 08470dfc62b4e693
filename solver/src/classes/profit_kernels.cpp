#include "classes/profit_kernels.hpp"

#include "model/instruction_set.hpp"

namespace espalier::solver {

std::vector<const ProfitKernels*> supported_profit_kernels() {
  std::vector<const ProfitKernels*> kernels = {&kProfitKernelsBaseline};
#ifdef ESPALIER_X86_KERNELS
  const InstructionSet set = instruction_set();
  if (set >= InstructionSet::kAvx2) kernels.push_back(&kProfitKernelsAvx2);
  if (set >= InstructionSet::kAvx512) kernels.push_back(&kProfitKernelsAvx512);
#endif
  return kernels;
}

const ProfitKernels& profit_kernels() {
  static const ProfitKernels& chosen = *supported_profit_kernels().back();
  return chosen;
}

}  // namespace espalier::solver
