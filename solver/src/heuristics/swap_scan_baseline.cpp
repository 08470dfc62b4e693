#define ESPALIER_KERNEL_TABLE kSwapScanBaseline
#define ESPALIER_KERNEL_NAME "baseline"
#include "heuristics/swap_scan_kernel.hpp"
