#define ESPALIER_KERNEL_TABLE kLpKernelsAvx512
#define ESPALIER_KERNEL_NAME "avx512"
#include "lp/dual_simplex_kernel.hpp"
