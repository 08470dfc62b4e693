#define ESPALIER_KERNEL_TABLE kProfitKernelsBaseline
#include "classes/profit_kernel.hpp"
