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

/// Without branches, which nothing could predict.
std::size_t collect(const std::int64_t* __restrict coefficients,
                    const std::int64_t* __restrict may_be_one,
                    const std::int64_t* __restrict is_one, std::size_t count, std::int64_t slack,
                    std::int32_t* __restrict variables) {
  std::size_t found = 0;
  for (std::size_t j = 0; j < count; ++j) {
    const std::int64_t a = coefficients[j];
    const std::int64_t magnitude = (a < 0 ? -a : a) & may_be_one[j] & ~is_one[j];
    variables[found] = static_cast<std::int32_t>(j);
    found += magnitude > slack ? 1 : 0;
  }
  return found;
}

}  // namespace

const SumKernels ESPALIER_SUM_KERNELS = {add_multiple, standing, collect};

}  // namespace espalier::solver
