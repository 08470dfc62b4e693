#define ESPALIER_KERNEL_TABLE kLpKernelsBaseline
#define ESPALIER_KERNEL_NAME "baseline"
#include "lp/dual_simplex_kernel.hpp"
