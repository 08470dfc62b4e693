// Dual simplex method with bound flipping on few rows and many boxed columns.
//
// Included by one .cpp per instruction set, which defines ESPALIER_KERNEL_TABLE. Everything here
// has internal linkage and uses no library code, so that no function compiled for wide vectors can
// end up in code for narrow ones.
//
// Method: every column is boxed in [0, 1], so any basis becomes dual feasible by moving nonbasic
// columns to the bound that the sign of their reduced cost asks for. The leaving row is chosen by
// dual steepest edge (Forrest and Goldfarb 1992); with a dense inverse the weights are exact and
// cost one pass over m x m numbers. The ratio test passes breakpoints as long as the dual function
// still falls ("long step", Fourer 1994; Maros 2003): the columns passed flip to their other bound.
// The numbers only guide the search: every decision is taken on a bound recomputed rigorously
// (exact_bound.hpp).

#include "lp/lp_state.hpp"

namespace espalier::solver {
namespace {

#if defined(__AVX512F__)
constexpr int kWidth = 8;
#elif defined(__AVX2__)
constexpr int kWidth = 4;
#else
constexpr int kWidth = 2;
#endif
constexpr int kVectors = kBlock / kWidth;

typedef double Vector __attribute__((vector_size(kWidth * sizeof(double))));
typedef long long Mask __attribute__((vector_size(kWidth * sizeof(double))));

#define ESPALIER_INLINE static inline __attribute__((always_inline))

constexpr double kInfinity = __builtin_huge_val();
/// Smallest pivot considered; rows are scaled to weights of at most 1, pivots are of order 1.
constexpr double kPivotTolerance = 1e-7;
/// Infeasibility of a basic variable that is left alone.
constexpr double kFeasibilityTolerance = 1e-8;
/// A pivot computed from the column and from the row may differ by this fraction before the
/// inverse counts as drifted.
constexpr double kDriftTolerance = 1e-6;
/// Breakpoints passed by scanning before the rest goes into a heap.
constexpr int kScannedBreakpoints = 6;
/// How far an unbounded dual ray is followed before the caller evaluates the dual function there.
constexpr double kRayStep = 1e6;

ESPALIER_INLINE Vector load(const double* p) { return *reinterpret_cast<const Vector*>(p); }
ESPALIER_INLINE void store(double* p, Vector v) { *reinterpret_cast<Vector*>(p) = v; }
ESPALIER_INLINE Vector broadcast(double value) { return Vector{} + value; }

ESPALIER_INLINE double smallest(Vector v) {
  double least = v[0];
  for (int k = 1; k < kWidth; ++k) least = v[k] < least ? v[k] : least;
  return least;
}

ESPALIER_INLINE double sum(Vector v) {
  double total = v[0];
  for (int k = 1; k < kWidth; ++k) total += v[k];
  return total;
}

/// What the ratio test found.
struct Entering {
  int variable = 0;   // as in LpWork::basis
  double step = 0.0;  // length of the dual step, >= 0
  bool found = false;
};

/// Direction of one iteration: the basic variable `row` moves up (+1) or down (-1) to its bound.
struct Leaving {
  int row = -1;
  double direction = 0.0;
  double infeasibility = 0.0;
};

void solve_basic(LpWork& w) {
  for (int b = 0; b < w.stride; b += kWidth) {
    Vector value{};
    for (int i = 0; i < w.rows; ++i) {
      value += broadcast(w.residual[i]) * load(w.inverse + i * w.stride + b);
    }
    store(w.basic_value + b, value);
  }
}

/// The most infeasible basic variable, measured in the norm of its row of the inverse.
Leaving choose_leaving(const LpWork& w) {
  Leaving best;
  double best_score = 0.0;
  for (int b = 0; b < w.stride; b += kWidth) {
    const Vector value = load(w.basic_value + b);
    const Vector over = value - load(w.basic_upper + b);
    const Vector under = -value;
    const Vector worst = under > over ? under : over;
    const Mask infeasible = worst > broadcast(kFeasibilityTolerance);
    bool any = false;
    for (int k = 0; k < kWidth; ++k) any |= infeasible[k] != 0;
    if (!any) continue;
    Vector norm{};
    for (int i = 0; i < w.rows; ++i) {
      const Vector entry = load(w.inverse + i * w.stride + b);
      norm += entry * entry;
    }
    for (int k = 0; k < kWidth && b + k < w.rows; ++k) {
      if (infeasible[k] == 0) continue;
      const double score = worst[k] * worst[k] / norm[k];
      if (score > best_score) {
        best_score = score;
        best = {b + k, under[k] > over[k] ? 1.0 : -1.0, worst[k]};
      }
    }
  }
  return best;
}

/// alpha = row of the tableau, ratio = breakpoint of each eligible column; returns the least one.
double compute_row(LpWork& w, const double* rho, double direction) {
  Vector least = broadcast(kInfinity);
  const double* weight = w.frame.weight;
  const Vector infinity = broadcast(kInfinity);
  const Vector tolerance = broadcast(kPivotTolerance);
  const Vector along = broadcast(direction);
  for (int block = 0; block < w.frame.num_blocks; ++block) {
    Vector alpha[kVectors] = {};
    for (int i = 0; i < w.rows; ++i) {
      const Vector factor = broadcast(rho[i]);
      for (int v = 0; v < kVectors; ++v) alpha[v] += factor * load(weight + v * kWidth);
      weight += kBlock;
    }
    for (int v = 0; v < kVectors; ++v) {
      const int at = block * kBlock + v * kWidth;
      const Vector sign = load(w.sign + at);
      const Vector pivot = along * alpha[v] * sign;
      const Vector distance = load(w.reduced_cost + at) * sign;
      const Vector positive = distance > Vector{} ? distance : Vector{};
      const Vector ratio = pivot > tolerance ? positive / pivot : infinity;
      store(w.alpha + at, alpha[v]);
      store(w.ratio + at, ratio);
      least = ratio < least ? ratio : least;
    }
  }
  return smallest(least);
}

double least_ratio(const LpWork& w) {
  Vector least = broadcast(kInfinity);
  for (int at = 0; at < w.frame.num_blocks * kBlock; at += kWidth) {
    const Vector ratio = load(w.ratio + at);
    least = ratio < least ? ratio : least;
  }
  return smallest(least);
}

int find_ratio(const LpWork& w, double value) {
  int column = 0;
  while (w.ratio[column] != value) ++column;
  return column;
}

// --- a binary heap of columns by ratio, for steps that pass many breakpoints ---

void sift_down(const LpWork& w, int size, int at) {
  const std::int32_t moving = w.heap[at];
  const double key = w.ratio[moving];
  for (;;) {
    int child = 2 * at + 1;
    if (child >= size) break;
    if (child + 1 < size && w.ratio[w.heap[child + 1]] < w.ratio[w.heap[child]]) ++child;
    if (w.ratio[w.heap[child]] >= key) break;
    w.heap[at] = w.heap[child];
    at = child;
  }
  w.heap[at] = moving;
}

int build_heap(const LpWork& w) {
  int size = 0;
  for (int column = 0; column < w.frame.num_columns; ++column) {
    if (w.ratio[column] < kInfinity) w.heap[size++] = column;
  }
  for (int at = size / 2 - 1; at >= 0; --at) sift_down(w, size, at);
  return size;
}

ESPALIER_INLINE void add_to_residual(LpWork& w, int column, double factor) {
  const double* weight = w.frame.weight +
                         static_cast<std::ptrdiff_t>(column / kBlock) * w.rows * kBlock +
                         column % kBlock;
  for (int i = 0; i < w.rows; ++i) w.residual[i] += factor * weight[i * kBlock];
}

void flip(LpWork& w, int variable) {
  if (variable < 0) {
    const int row = -1 - variable;
    w.residual[row] += w.slack_sign[row] * w.slack_range[row];
    w.slack_sign[row] = -w.slack_sign[row];
    return;
  }
  add_to_residual(w, variable, w.sign[variable]);  // leaving 1 returns capacity, leaving 0 uses it
  w.sign[variable] = -w.sign[variable];
}

/// Breakpoints of the slacks; unused ones are infinite.
void compute_slack_ratios(LpWork& w, const double* rho, double direction) {
  for (int i = 0; i < w.rows; ++i) {
    const double pivot = direction * rho[i] * w.slack_sign[i];
    const double distance = -w.dual[i] * w.slack_sign[i];
    w.slack_ratio[i] =
        pivot > kPivotTolerance ? (distance > 0.0 ? distance / pivot : 0.0) : kInfinity;
  }
}

/// Long-step ratio test. Walks along the dual ray over the breakpoints in order, lists the
/// variables that it passes in `w.passed`, and stops where the dual function would rise again.
/// `objective` follows; once it is below the cutoff the walk ends with found = false and a finite
/// step. Changes nothing but scratch.
Entering ratio_test(LpWork& w, const double* rho, const Leaving& leaving, double cutoff,
                    double& objective) {
  Entering entering;
  double least = compute_row(w, rho, leaving.direction);
  compute_slack_ratios(w, rho, leaving.direction);
  double slope = leaving.infeasibility;
  int heap_size = -1;
  w.num_passed = 0;
  for (;;) {
    double next = least;
    int slack = -1;
    for (int i = 0; i < w.rows; ++i) {
      if (w.slack_ratio[i] < next) {
        next = w.slack_ratio[i];
        slack = i;
      }
    }
    if (next == kInfinity) {
      entering.step = kInfinity;
      return entering;
    }
    objective -= slope * (next - entering.step);
    entering.step = next;
    if (objective < cutoff) return entering;

    if (slack >= 0) {
      entering.variable = -1 - slack;
      slope -= leaving.direction * rho[slack] * w.slack_sign[slack] * w.slack_range[slack];
      if (slope <= 0.0) break;
      w.passed[w.num_passed++] = entering.variable;
      w.slack_ratio[slack] = kInfinity;
      continue;
    }
    const int column = heap_size > 0 ? w.heap[0] : find_ratio(w, next);
    entering.variable = column;
    slope -= leaving.direction * w.alpha[column] * w.sign[column];
    if (slope <= 0.0) break;
    w.passed[w.num_passed++] = column;
    w.ratio[column] = kInfinity;
    if (heap_size < 0 && w.num_passed > kScannedBreakpoints) {
      heap_size = build_heap(w);
    } else if (heap_size > 0) {
      w.heap[0] = w.heap[--heap_size];
      sift_down(w, heap_size, 0);
    }
    if (heap_size >= 0) {
      least = heap_size > 0 ? w.ratio[w.heap[0]] : kInfinity;
    } else {
      least = least_ratio(w);
    }
  }
  entering.found = true;
  return entering;
}

/// reduced_cost -= theta * alpha.
void update_reduced_costs(LpWork& w, double theta) {
  const Vector factor = broadcast(theta);
  for (int at = 0; at < w.frame.num_blocks * kBlock; at += kWidth) {
    store(w.reduced_cost + at, load(w.reduced_cost + at) - factor * load(w.alpha + at));
  }
}

/// The forced first step of a child.
Leaving branch_leaving(const LpWork& w, const BranchStep& branch) {
  const double value = w.basic_value[branch.row];
  return branch.value == 0 ? Leaving{branch.row, -1.0, value}
                           : Leaving{branch.row, 1.0, 1.0 - value};
}

/// Moves the leaving variable to its bound.
void retire(LpWork& w, const Leaving& leaving, double theta, bool is_branching, int branch_value) {
  const int variable = static_cast<int>(w.basis[leaving.row]);
  const bool at_upper = leaving.direction < 0.0;
  if (variable < 0) {
    const int row = -1 - variable;
    w.slack_sign[row] = at_upper ? 1.0 : -1.0;
    if (at_upper) w.residual[row] -= w.slack_range[row];
    return;
  }
  w.reduced_cost[variable] = -theta;
  if (is_branching) {  // fixed already; it only has to stop being basic
    if (branch_value == 1) add_to_residual(w, variable, -1.0);
    return;
  }
  w.sign[variable] = at_upper ? 1.0 : -1.0;
  if (at_upper) add_to_residual(w, variable, -1.0);
}

/// Puts the entering variable into the basis at `row`; false when the pivot contradicts the row.
bool pivot(LpWork& w, int row, int variable, const double* rho) {
  double* column = w.column;
  double expected = 0.0;
  if (variable < 0) {
    const int slack = -1 - variable;
    for (int p = 0; p < w.stride; ++p) column[p] = w.inverse[slack * w.stride + p];
    expected = rho[slack];
    if (w.slack_sign[slack] > 0.0) w.residual[slack] += w.slack_range[slack];
    w.slack_sign[slack] = 0.0;
    w.basic_upper[row] = w.slack_range[slack];
  } else {
    for (int b = 0; b < w.stride; b += kWidth) {
      Vector value{};
      for (int i = 0; i < w.rows; ++i) {
        value +=
            broadcast(w.frame.weight_at(w.rows, i, variable)) * load(w.inverse + i * w.stride + b);
      }
      store(column + b, value);
    }
    expected = w.alpha[variable];
    if (w.sign[variable] > 0.0) add_to_residual(w, variable, 1.0);
    w.sign[variable] = kBasicSign;
    w.reduced_cost[variable] = 0.0;
    w.basic_upper[row] = 1.0;
  }
  w.basis[row] = variable;
  const double pivot_value = column[row];
  const double drift = pivot_value - expected;
  const double allowed = kDriftTolerance * (expected < 0 ? -expected : expected);
  if (drift > allowed || drift < -allowed) return false;

  const double reciprocal = 1.0 / pivot_value;
  column[row] = 0.0;
  for (int i = 0; i < w.rows; ++i) {
    double* inverse = w.inverse + i * w.stride;
    const double scaled = rho[i] * reciprocal;
    const Vector factor = broadcast(scaled);
    for (int b = 0; b < w.stride; b += kWidth) {
      const Vector entry = load(inverse + b);
      store(inverse + b, entry - factor * load(column + b));
    }
    inverse[row] = scaled;
  }
  return true;
}

LpOutcome dual_simplex(LpWork& w, BranchStep& branch, double cutoff, int max_iterations) {
  for (int iteration = 0; iteration < max_iterations; ++iteration) {
    const bool is_branching = branch.row >= 0;
    const Leaving leaving = is_branching ? branch_leaving(w, branch) : choose_leaving(w);
    if (leaving.row < 0) return LpOutcome::kOptimal;
    ++w.iterations;
    for (int i = 0; i < w.rows; ++i) w.rho[i] = w.inverse[i * w.stride + leaving.row];

    const Entering entering = ratio_test(w, w.rho, leaving, cutoff, w.objective);
    if (!entering.found) {
      const bool is_ray = entering.step == kInfinity;
      const double step = is_ray ? kRayStep : entering.step;
      for (int i = 0; i < w.rows; ++i) w.dual[i] += leaving.direction * step * w.rho[i];
      return is_ray ? LpOutcome::kInfeasible : LpOutcome::kCutoff;
    }
    for (int k = 0; k < w.num_passed; ++k) flip(w, w.passed[k]);
    w.flips += w.num_passed;
    const double theta = leaving.direction * entering.step;
    if (entering.step > 0.0) {
      update_reduced_costs(w, theta);
      for (int i = 0; i < w.rows; ++i) w.dual[i] += theta * w.rho[i];
    }
    retire(w, leaving, theta, is_branching, branch.value);
    if (is_branching) branch.row = -1;
    ++w.pivots_since_refactor;
    if (!pivot(w, leaving.row, entering.variable, w.rho)) return LpOutcome::kUnstable;
    solve_basic(w);
  }
  return LpOutcome::kUnstable;
}

double dual_penalty(LpWork& w, const BranchStep& branch) {
  for (int i = 0; i < w.rows; ++i) w.rho[i] = w.inverse[i * w.stride + branch.row];
  double objective = 0.0;
  const Entering entering = ratio_test(w, w.rho, branch_leaving(w, branch), -kInfinity, objective);
  return entering.step == kInfinity ? kInfinity : -objective;
}

double price_all(LpWork& w) {
  Vector total[kVectors] = {};
  const double* weight = w.frame.weight;
  for (int block = 0; block < w.frame.num_blocks; ++block) {
    Vector d[kVectors];
    for (int v = 0; v < kVectors; ++v) d[v] = load(w.frame.cost + block * kBlock + v * kWidth);
    for (int i = 0; i < w.rows; ++i) {
      const Vector factor = broadcast(w.dual[i]);
      for (int v = 0; v < kVectors; ++v) d[v] -= factor * load(weight + v * kWidth);
      weight += kBlock;
    }
    for (int v = 0; v < kVectors; ++v) {
      const int at = block * kBlock + v * kWidth;
      store(w.reduced_cost + at, d[v]);
      const Mask counted = (d[v] > Vector{}) & (load(w.sign + at) != Vector{});
      total[v] += counted ? d[v] : Vector{};
    }
  }
  double result = 0.0;
  for (int v = 0; v < kVectors; ++v) result += sum(total[v]);
  return result;
}

int collect_fixable(const LpWork& w, double gap, std::int32_t* columns) {
  int count = 0;
  const Vector limit = broadcast(gap);
  for (int at = 0; at < w.frame.num_blocks * kBlock; at += kWidth) {
    const Vector sign = load(w.sign + at);
    const Vector distance = load(w.reduced_cost + at) * sign;
    const Vector magnitude = sign < Vector{} ? -sign : sign;
    const Mask fixable = (distance > limit) & (magnitude > broadcast(0.5));
    for (int k = 0; k < kWidth; ++k) {
      if (fixable[k] != 0) columns[count++] = at + k;
    }
  }
  return count;
}

}  // namespace

const LpKernels ESPALIER_KERNEL_TABLE = {ESPALIER_KERNEL_NAME, dual_simplex, price_all,
                                         collect_fixable,      solve_basic,  dual_penalty};

}  // namespace espalier::solver
