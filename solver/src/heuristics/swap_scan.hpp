#pragma once

#include <cstdint>

namespace espalier::solver {

/// Entries of one block of SwapScan.
inline constexpr int kSwapLanes = 16;

/// Looks for the item that, added to a selection, exceeds the capacities least: the inner loop of
/// TabuSearch.
///
/// Blocks of kSwapLanes items, within a block row by row: entry e of row i is at
/// (e / kSwapLanes * rows + i) * kSwapLanes + e % kSwapLanes. All of them are scaled, so that
/// violations of different rows may be added up. The sums only guide the search.
struct SwapScan {
  const char* name;
  /// The first block of [block, end) with an item whose sum of max(0, excess + entry) over all rows
  /// is at most `limit`; `end` where there is none. Bit k of `mask` says whether item k of that
  /// block is one, `sums` (aligned to a block) has the sums of all its items.
  std::int64_t (*find)(const float* blocks, int rows, std::int64_t block, std::int64_t end,
                       const float* excess, float limit, float* sums, std::uint32_t* mask);
};

/// The best implementation that this processor runs; chosen once.
const SwapScan& swap_scan();

extern const SwapScan kSwapScanBaseline;
#ifdef ESPALIER_X86_KERNELS
extern const SwapScan kSwapScanAvx2;
extern const SwapScan kSwapScanAvx512;
#endif

}  // namespace espalier::solver
