#define ESPALIER_KERNEL_TABLE kLpKernelsAvx2
#define ESPALIER_KERNEL_NAME "avx2"
#include "lp/dual_simplex_kernel.hpp"
