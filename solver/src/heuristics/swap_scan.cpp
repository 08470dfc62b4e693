#include "heuristics/swap_scan.hpp"

#include "model/instruction_set.hpp"

namespace espalier::solver {

const SwapScan& swap_scan() {
  switch (instruction_set()) {
#ifdef ESPALIER_X86_KERNELS
    case InstructionSet::kAvx512:
      return kSwapScanAvx512;
    case InstructionSet::kAvx2:
      return kSwapScanAvx2;
#endif
    default:
      return kSwapScanBaseline;
  }
}

}  // namespace espalier::solver
