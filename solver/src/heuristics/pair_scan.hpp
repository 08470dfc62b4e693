#pragma once

#include <cstdint>

namespace espalier::solver {

/// Entries of one block of PairScan.
inline constexpr int kPairLanes = 16;

/// Finds the entries of a list that stay below a limit in every row: the inner loop of PairJoin.
///
/// Blocks of kPairLanes entries, within a block row by row: entry e of row i is at
/// (e / kPairLanes * rows + i) * kPairLanes + e % kPairLanes. The numbers only propose; whoever
/// asks verifies what is found in integers.
struct PairScan {
  const char* name;
  /// The first block of [block, end) with an entry whose values are at most `limits` in all rows;
  /// `end` where there is none. Bit k of `mask` says whether entry k of that block is one.
  std::int64_t (*find)(const float* blocks, int rows, std::int64_t block, std::int64_t end,
                       const float* limits, std::uint32_t* mask);
};

/// The best implementation that this processor runs; chosen once.
const PairScan& pair_scan();

extern const PairScan kPairScanBaseline;
#ifdef ESPALIER_X86_KERNELS
extern const PairScan kPairScanAvx2;
extern const PairScan kPairScanAvx512;
#endif

}  // namespace espalier::solver
