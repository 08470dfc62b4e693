#define ESPALIER_SUM_KERNELS kSumKernelsAvx512
#include "check/sum_loops.hpp"
