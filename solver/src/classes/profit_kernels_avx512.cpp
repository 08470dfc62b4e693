#define ESPALIER_KERNEL_TABLE kProfitKernelsAvx512
#include "classes/profit_kernel.hpp"
