// Included by one .cpp per instruction set, which defines ESPALIER_KERNEL_TABLE. Everything here
// has internal linkage and uses no library code, so that no function compiled for wide vectors can
// end up in code for narrow ones.

#include "heuristics/swap_scan.hpp"

#if defined(__AVX2__) || defined(__SSE2__)
#include <immintrin.h>
#endif

namespace espalier::solver {
namespace {

static_assert(kSwapLanes == 16);

#if defined(__AVX512F__)
using Vector = __m512;
inline Vector broadcast(float value) { return _mm512_set1_ps(value); }
inline Vector load(const float* values) { return _mm512_load_ps(values); }
inline void store(float* to, Vector values) { _mm512_store_ps(to, values); }
inline Vector add(Vector a, Vector b) { return _mm512_add_ps(a, b); }
// gcc 12 takes the operand that _mm512_max_ps leaves undefined for a mistake.
inline Vector positive_part(Vector a) {
  return _mm512_maskz_max_ps(0xffff, a, _mm512_setzero_ps());
}
inline std::uint32_t at_most(Vector a, Vector b) { return _mm512_cmp_ps_mask(a, b, _CMP_LE_OQ); }
#elif defined(__AVX2__)
using Vector = __m256;
inline Vector broadcast(float value) { return _mm256_set1_ps(value); }
inline Vector load(const float* values) { return _mm256_load_ps(values); }
inline void store(float* to, Vector values) { _mm256_store_ps(to, values); }
inline Vector add(Vector a, Vector b) { return _mm256_add_ps(a, b); }
inline Vector positive_part(Vector a) { return _mm256_max_ps(a, _mm256_setzero_ps()); }
inline std::uint32_t at_most(Vector a, Vector b) {
  return static_cast<std::uint32_t>(_mm256_movemask_ps(_mm256_cmp_ps(a, b, _CMP_LE_OQ)));
}
#elif defined(__SSE2__)
using Vector = __m128;
inline Vector broadcast(float value) { return _mm_set1_ps(value); }
inline Vector load(const float* values) { return _mm_load_ps(values); }
inline void store(float* to, Vector values) { _mm_store_ps(to, values); }
inline Vector add(Vector a, Vector b) { return _mm_add_ps(a, b); }
inline Vector positive_part(Vector a) { return _mm_max_ps(a, _mm_setzero_ps()); }
inline std::uint32_t at_most(Vector a, Vector b) {
  return static_cast<std::uint32_t>(_mm_movemask_ps(_mm_cmple_ps(a, b)));
}
#else
using Vector = float;
inline Vector broadcast(float value) { return value; }
inline Vector load(const float* values) { return *values; }
inline void store(float* to, Vector values) { *to = values; }
inline Vector add(Vector a, Vector b) { return a + b; }
inline Vector positive_part(Vector a) { return a > 0.0F ? a : 0.0F; }
inline std::uint32_t at_most(Vector a, Vector b) { return a <= b ? 1U : 0U; }
#endif

constexpr int kWidth = static_cast<int>(sizeof(Vector) / sizeof(float));
constexpr int kVectors = kSwapLanes / kWidth;
/// Rows between two looks at whether any item of a block can still do.
constexpr int kRowsBetweenLooks = 8;

/// Adds up the violations of a block; the items whose sums are at most the limit.
inline std::uint32_t add_up(const float* block, int rows, const float* excess, Vector limit,
                            Vector* sums) {
  for (int v = 0; v < kVectors; ++v) sums[v] = broadcast(0.0F);
  std::uint32_t mask = 0;
  for (int row = 0; row < rows;) {
    const int end = row + kRowsBetweenLooks < rows ? row + kRowsBetweenLooks : rows;
    for (; row < end; ++row) {
      const Vector base = broadcast(excess[row]);
      for (int v = 0; v < kVectors; ++v) {
        const Vector entry = load(block + row * kSwapLanes + v * kWidth);
        sums[v] = add(sums[v], positive_part(add(base, entry)));
      }
    }
    mask = 0;
    for (int v = 0; v < kVectors; ++v) mask |= at_most(sums[v], limit) << (v * kWidth);
    if (mask == 0) return 0;
  }
  return mask;
}

std::int64_t find(const float* blocks, int rows, std::int64_t block, std::int64_t end,
                  const float* excess, float limit, float* sums, std::uint32_t* mask) {
  const Vector most = broadcast(limit);
  const float* values = blocks + block * rows * kSwapLanes;
  for (; block < end; ++block, values += static_cast<std::int64_t>(rows) * kSwapLanes) {
    Vector total[kVectors];
    *mask = add_up(values, rows, excess, most, total);
    if (*mask == 0) continue;
    for (int v = 0; v < kVectors; ++v) store(sums + v * kWidth, total[v]);
    return block;
  }
  return end;
}

}  // namespace

const SwapScan ESPALIER_KERNEL_TABLE{ESPALIER_KERNEL_NAME, find};

}  // namespace espalier::solver
