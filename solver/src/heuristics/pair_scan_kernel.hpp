// Included by one .cpp per instruction set, which defines ESPALIER_KERNEL_TABLE. Everything here
// has internal linkage and uses no library code, so that no function compiled for wide vectors can
// end up in code for narrow ones.

#include "heuristics/pair_scan.hpp"

#if defined(__AVX2__) || defined(__SSE2__)
#include <immintrin.h>
#endif

namespace espalier::solver {
namespace {

static_assert(kPairLanes == 16);

/// Bit k tells whether values[k] <= limit. Needs values aligned to a block.
inline std::uint32_t at_most(const float* values, float limit) {
#if defined(__AVX512F__)
  return _mm512_cmp_ps_mask(_mm512_load_ps(values), _mm512_set1_ps(limit), _CMP_LE_OQ);
#elif defined(__AVX2__)
  const __m256 bound = _mm256_set1_ps(limit);
  const int low = _mm256_movemask_ps(_mm256_cmp_ps(_mm256_load_ps(values), bound, _CMP_LE_OQ));
  const int high = _mm256_movemask_ps(_mm256_cmp_ps(_mm256_load_ps(values + 8), bound, _CMP_LE_OQ));
  return static_cast<std::uint32_t>(low | high << 8);
#elif defined(__SSE2__)
  const __m128 bound = _mm_set1_ps(limit);
  int mask = 0;
  for (int k = 0; k < kPairLanes; k += 4) {
    mask |= _mm_movemask_ps(_mm_cmple_ps(_mm_load_ps(values + k), bound)) << k;
  }
  return static_cast<std::uint32_t>(mask);
#else
  std::uint32_t mask = 0;
  for (int k = 0; k < kPairLanes; ++k) {
    mask |= static_cast<std::uint32_t>(values[k] <= limit ? 1 : 0) << k;
  }
  return mask;
#endif
}

std::int64_t find(const float* blocks, int rows, std::int64_t block, std::int64_t end,
                  const float* limits, std::uint32_t* mask) {
  const float* values = blocks + block * rows * kPairLanes;
  for (; block < end; ++block, values += static_cast<std::int64_t>(rows) * kPairLanes) {
    std::uint32_t left = at_most(values, limits[0]);
    for (int i = 1; i < rows && left != 0; ++i) left &= at_most(values + i * kPairLanes, limits[i]);
    if (left != 0) {
      *mask = left;
      return block;
    }
  }
  return end;
}

}  // namespace

const PairScan ESPALIER_KERNEL_TABLE{ESPALIER_KERNEL_NAME, find};

}  // namespace espalier::solver
