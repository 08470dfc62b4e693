#define ESPALIER_KERNEL_TABLE kSwapScanAvx512
#define ESPALIER_KERNEL_NAME "avx512"
#include "heuristics/swap_scan_kernel.hpp"
