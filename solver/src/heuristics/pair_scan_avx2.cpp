#define ESPALIER_KERNEL_TABLE kPairScanAvx2
#define ESPALIER_KERNEL_NAME "avx2"
#include "heuristics/pair_scan_kernel.hpp"
