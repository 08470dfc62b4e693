#define ESPALIER_SUM_KERNELS kSumKernelsAvx2
#include "check/sum_loops.hpp"
