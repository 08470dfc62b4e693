#pragma once

#include <cstddef>
#include <cstdint>

namespace espalier::solver {

// Data of the node relaxation, shared by the portable code and the vector kernels. Plain structs of
// pointers: the kernels are compiled once per instruction set and must not instantiate anything
// that the linker could share between them.
//
// The relaxation of a node, over the columns j of its frame and the rows i (the problem's rows, and
// possibly sum x = k as the last one):
//
//     max fixed_profit + sum_j cost_j x_j   s.t.  sum_j weight_ij x_j + slack_i = capacity_i,
//                                                 0 <= x_j <= 1,  0 <= slack_i <= slack_range_i
//
// For every y (with y_i >= 0 where the slack is unbounded) and d_j = cost_j - y.weight_j
//
//     fixed_profit + y.capacity + sum_j max(0, d_j) + sum_i max(0, -y_i) slack_range_i
//
// is an upper bound on every solution; the dual simplex method descends on it.

/// Columns are stored in blocks of this many; within a block row by row, so that one pass over the
/// matrix reads memory in order and every row of a block is one cache line.
inline constexpr int kBlock = 8;

/// `LpWork::sign` of a basic column: free, yet never eligible to enter (its pivot is negligible).
inline constexpr double kBasicSign = 0x1p-500;

/// Columns of a subproblem, immutable once built. Padding columns are all zero with item -1.
struct Frame {
  int num_columns = 0;
  int num_blocks = 0;
  const std::int32_t* item = nullptr;  ///< item of the core problem, per column
  const double* cost = nullptr;        ///< num_blocks * kBlock
  const double* weight = nullptr;      ///< num_blocks * rows * kBlock

  __attribute__((always_inline)) double weight_at(int rows, int row, int column) const noexcept {
    return weight[(static_cast<std::ptrdiff_t>(column / kBlock) * rows + row) * kBlock +
                  column % kBlock];
  }
};

/// Working state of one relaxation. The arrays from `small` on are copied as a block when a node is
/// saved, `reduced_cost` and `sign` per column likewise.
struct LpWork {
  int rows = 0;
  int stride = 0;  ///< rows rounded up to kBlock: length of a column of the inverse
  Frame frame;

  // --- depends on the node, one contiguous block of `small_count` doubles ---
  double* small = nullptr;
  std::size_t small_count = 0;
  double* dual = nullptr;      ///< y, one per row
  double* capacity = nullptr;  ///< capacities left by the items fixed at 1; exact integers * 2^-k
  double* residual = nullptr;  ///< capacity minus everything nonbasic at its upper bound
  double* basic_value = nullptr;  ///< values of the basic variables
  double* basic_upper = nullptr;  ///< their upper bounds
  double* slack_sign = nullptr;   ///< as sign, for the slacks; 0 = basic
  double* slack_range = nullptr;  ///< upper bound of each slack, infinity where there is none
  double* basis = nullptr;        ///< column of the frame, or -1 - row for a slack (whole numbers)
  double* inverse = nullptr;  ///< column-major: entry (position, row) at row * stride + position

  // --- one per column of the frame ---
  double* reduced_cost = nullptr;  ///< d
  double* sign = nullptr;  ///< +1 nonbasic at 1, -1 nonbasic at 0, kBasicSign basic, 0 fixed

  // --- scratch, one per column ---
  double* alpha = nullptr;         ///< row of the tableau
  double* ratio = nullptr;         ///< breakpoints of the ratio test
  std::int32_t* heap = nullptr;    ///< columns by breakpoint
  std::int32_t* passed = nullptr;  ///< variables passed by the last ratio test; rows more entries
  int num_passed = 0;

  // --- scratch, one per row, padded to `stride` ---
  double* rho = nullptr;          ///< row of the inverse
  double* column = nullptr;       ///< column of the tableau
  double* slack_ratio = nullptr;  ///< breakpoints of the slacks

  // --- scalars of the node ---
  double fixed_profit = 0.0;  ///< profit of the items fixed at 1; an exact integer
  double objective = 0.0;     ///< value of the dual function at y, as tracked (not rigorous)
  int pivots_since_refactor = 0;

  // --- counters ---
  std::int64_t iterations = 0;
  std::int64_t flips = 0;
};

enum class LpOutcome {
  kOptimal,
  kCutoff,      ///< the dual function fell below the cutoff; `dual` is the witness
  kInfeasible,  ///< the dual function is unbounded along `dual` (already moved far along the ray)
  kUnstable,    ///< numerical trouble or iteration limit: refactor and decide without the LP
};

/// The forced first step of a child: the basic variable at `row`, which is fixed at `value` already
/// (sign 0, its weight taken off the capacities), leaves the basis.
struct BranchStep {
  int row = -1;
  int value = 0;
};

/// The kernels of one instruction set.
struct LpKernels {
  const char* name;
  /// Runs the dual simplex method from the current basis. With branch.row >= 0 that variable leaves
  /// first and its row is reset to -1 as soon as it has.
  LpOutcome (*dual_simplex)(LpWork& work, BranchStep& branch, double cutoff, int max_iterations);
  /// Recomputes every reduced cost from `dual` and returns sum_j max(0, d_j) over the free columns.
  double (*price_all)(LpWork& work);
  /// Writes the free nonbasic columns whose reduced cost exceeds the gap, with the sign of the
  /// bound that they sit at, to `columns` and returns how many.
  int (*collect_fixable)(const LpWork& work, double gap, std::int32_t* columns);
  /// basic_value = inverse * residual.
  void (*solve_basic)(LpWork& work);
  /// How much the dual function falls in the first iteration of a child, infinite when the child
  /// is infeasible (Driebeek 1966; Tomlin 1971). Changes nothing but scratch.
  double (*dual_penalty)(LpWork& work, const BranchStep& branch);
};

/// The best kernels that this processor runs; chosen once.
const LpKernels& lp_kernels();

extern const LpKernels kLpKernelsBaseline;
#ifdef ESPALIER_X86_KERNELS
extern const LpKernels kLpKernelsAvx2;
extern const LpKernels kLpKernelsAvx512;
#endif

}  // namespace espalier::solver
