#define ESPALIER_KERNEL_TABLE kPairScanBaseline
#define ESPALIER_KERNEL_NAME "baseline"
#include "heuristics/pair_scan_kernel.hpp"
