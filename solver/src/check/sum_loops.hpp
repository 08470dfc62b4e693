// Included by one .cpp per instruction set, which defines ESPALIER_SUM_KERNELS. Everything here has
// internal linkage and uses no library code, so that no function compiled for wide vectors can end
// up in code for narrow ones.

#include "check/sum_kernels.hpp"

namespace espalier::solver {
namespace {

void add_multiple(std::int64_t* __restrict sum, const std::int64_t* __restrict other,
                  std::int64_t factor, std::size_t count) {
  for (std::size_t j = 0; j < count; ++j) sum[j] += factor * other[j];
}

Standing standing(const std::int64_t* __restrict coefficients,
                  const std::int64_t* __restrict may_be_one, const std::int64_t* __restrict is_one,
                  std::size_t count) {
  std::int64_t most = 0;
  std::int64_t largest_free = 0;
  for (std::size_t j = 0; j < count; ++j) {
    const std::int64_t a = coefficients[j];
    most += a & (a > 0 ? may_be_one[j] : is_one[j]);
    const std::int64_t magnitude = (a < 0 ? -a : a) & may_be_one[j] & ~is_one[j];
    largest_free = magnitude > largest_free ? magnitude : largest_free;
  }
  return {most, largest_free};
}

/// Magnitude of the coefficient of a variable without a value, else 0.
inline std::int64_t free_magnitude(std::int64_t a, std::int64_t may_be_one, std::int64_t is_one) {
  return (a < 0 ? -a : a) & may_be_one & ~is_one;
}

/// Block by block, since most have none; within a block without branches, which nothing could
/// predict.
std::size_t collect(const std::int64_t* __restrict coefficients,
                    const std::int64_t* __restrict may_be_one,
                    const std::int64_t* __restrict is_one, std::size_t count, std::int64_t slack,
                    std::int32_t* __restrict variables) {
  constexpr std::size_t kBlock = 8;
  std::size_t found = 0;
  std::size_t j = 0;
  for (; j + kBlock <= count; j += kBlock) {
    std::int64_t largest = 0;
    for (std::size_t k = j; k < j + kBlock; ++k) {
      const std::int64_t magnitude = free_magnitude(coefficients[k], may_be_one[k], is_one[k]);
      largest = magnitude > largest ? magnitude : largest;
    }
    if (largest <= slack) continue;
    for (std::size_t k = j; k < j + kBlock; ++k) {
      variables[found] = static_cast<std::int32_t>(k);
      found += free_magnitude(coefficients[k], may_be_one[k], is_one[k]) > slack ? 1 : 0;
    }
  }
  for (; j < count; ++j) {
    variables[found] = static_cast<std::int32_t>(j);
    found += free_magnitude(coefficients[j], may_be_one[j], is_one[j]) > slack ? 1 : 0;
  }
  return found;
}

}  // namespace

const SumKernels ESPALIER_SUM_KERNELS = {add_multiple, standing, collect};

}  // namespace espalier::solver
