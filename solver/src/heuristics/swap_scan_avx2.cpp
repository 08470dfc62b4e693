#define ESPALIER_KERNEL_TABLE kSwapScanAvx2
#define ESPALIER_KERNEL_NAME "avx2"
#include "heuristics/swap_scan_kernel.hpp"
