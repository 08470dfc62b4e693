#define ESPALIER_KERNEL_TABLE kPairScanAvx512
#define ESPALIER_KERNEL_NAME "avx512"
#include "heuristics/pair_scan_kernel.hpp"
