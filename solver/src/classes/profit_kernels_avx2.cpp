#define ESPALIER_KERNEL_TABLE kProfitKernelsAvx2
#include "classes/profit_kernel.hpp"
