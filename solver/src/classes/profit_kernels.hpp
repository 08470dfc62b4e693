#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace espalier::solver {

/// What one pass over some profits tells.
struct ProfitRange {
  std::uint64_t sum = 0;         ///< of the magnitudes, modulo 2^64
  std::uint64_t magnitudes = 0;  ///< or-ed
  std::uint64_t bits = 0;        ///< of the profits, or-ed
  std::int64_t least = INT64_MAX;
  std::int64_t greatest = INT64_MIN;
};

/// Profits above a limit: how many, and their sum.
struct ProfitsAbove {
  std::int64_t count = 0;
  std::int64_t sum = 0;
};

/// Passes over profits, compiled for one instruction set.
struct ProfitKernels {
  /// Sets bit j of `above`, 64 to a word, where profits[j] > high, and of `inside` where
  /// low <= profits[j] <= high.
  ProfitsAbove (*compare)(const std::int64_t* profits, std::size_t count, std::int64_t low,
                          std::int64_t high, std::uint64_t* above, std::uint64_t* inside);
  ProfitRange (*range)(const std::int64_t* profits, std::size_t count);
  /// Writes base + j for every bit j that is set, 64 to a word, to [next, end) and returns the end
  /// of what it wrote; end + 1 when there was no room for all.
  std::int32_t* (*list_bits)(const std::uint64_t* words, std::size_t count, std::int32_t base,
                             std::int32_t* next, std::int32_t* end);
};

/// The best kernels that this processor runs; chosen once.
const ProfitKernels& profit_kernels();

/// All that it runs, the best ones last.
std::vector<const ProfitKernels*> supported_profit_kernels();

extern const ProfitKernels kProfitKernelsBaseline;
#ifdef ESPALIER_X86_KERNELS
extern const ProfitKernels kProfitKernelsAvx2;
extern const ProfitKernels kProfitKernelsAvx512;
#endif

}  // namespace espalier::solver
