#define ESPALIER_SUM_KERNELS kSumKernelsBaseline
#include "check/sum_loops.hpp"
