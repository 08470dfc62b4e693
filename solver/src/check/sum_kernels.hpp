#pragma once

#include <cstddef>
#include <cstdint>

namespace espalier::solver {

/// What an assignment leaves of  sum_j a_j x_j.
struct Standing {
  std::int64_t most = 0;          ///< the largest value that the sum can still have
  std::int64_t largest_free = 0;  ///< the largest |a_j| of a variable without a value
};

/// The loops over the coefficients of a constraint, compiled once per instruction set. Requires
/// that nothing overflows.
struct SumKernels {
  /// sum += factor * other
  void (*add_multiple)(std::int64_t* sum, const std::int64_t* other, std::int64_t factor,
                       std::size_t count);
  /// Of each variable all bits are set in `may_be_one` unless it is 0, in `is_one` if it is 1.
  Standing (*standing)(const std::int64_t* coefficients, const std::int64_t* may_be_one,
                       const std::int64_t* is_one, std::size_t count);
  /// Writes the variables without a value whose |a_j| exceeds `slack` >= 0 to `variables`, which
  /// has room for all, and returns how many.
  std::size_t (*collect)(const std::int64_t* coefficients, const std::int64_t* may_be_one,
                         const std::int64_t* is_one, std::size_t count, std::int64_t slack,
                         std::int32_t* variables);
};

/// The best ones that this processor runs; chosen once.
const SumKernels& sum_kernels();

extern const SumKernels kSumKernelsBaseline;
#ifdef ESPALIER_X86_KERNELS
extern const SumKernels kSumKernelsAvx2;
extern const SumKernels kSumKernelsAvx512;
#endif

}  // namespace espalier::solver
