#include "heuristics/pair_scan.hpp"

#include "model/instruction_set.hpp"

namespace espalier::solver {

const PairScan& pair_scan() {
  switch (instruction_set()) {
#ifdef ESPALIER_X86_KERNELS
    case InstructionSet::kAvx512:
      return kPairScanAvx512;
    case InstructionSet::kAvx2:
      return kPairScanAvx2;
#endif
    default:
      return kPairScanBaseline;
  }
}

}  // namespace espalier::solver
