#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lp/exact_bound.hpp"
#include "lp/lp_model.hpp"
#include "lp/lp_state.hpp"
#include "model/aligned.hpp"
#include "model/stack_arena.hpp"

namespace espalier::solver {

/// A relaxation put aside, to be taken up again: all that cannot be recomputed cheaply.
struct SavedNode {
  Frame frame;
  double* data = nullptr;  ///< small block, reduced costs, signs
  double fixed_profit = 0.0;
  double objective = 0.0;
  std::int64_t cardinality = 0;  ///< right side of sum x = k of the whole subproblem
  int num_free = 0;
  int pivots_since_refactor = 0;
};

/// The linear relaxation of one subproblem, warm-started from node to node.
///
/// Life of a node: load() or stay, branch(), reoptimize(), then bound_is_below() / fix_columns(),
/// and on to a child. Every statement that decides something is proven in exact arithmetic; the
/// simplex method only supplies multipliers and a fractional point.
class NodeRelaxation {
 public:
  explicit NodeRelaxation(const LpModel& model);

  /// Starts a subproblem over `items` with all others decided: `taken` are those at 1. With a
  /// cardinality row, `cardinality` is the total number of chosen items. Cold start.
  void start(std::span<const std::int32_t> items, std::span<const std::int32_t> taken,
             std::int64_t cardinality, StackArena& arena);

  /// Fixes the basic column at `row` to `value` in the next reoptimize().
  void branch(int row, int value);

  /// Solves the relaxation, or stops early with multipliers whose bound seems to be below `cutoff`.
  LpOutcome reoptimize(double cutoff);

  /// Makes sure that a branching is applied even if the simplex method never finished its first
  /// step (numerical trouble): the column leaves without a pivot, at the price of a cold start.
  void settle_branch();

  /// Re-establishes basis, duals and signs after a doubtful kCutoff, kInfeasible or kUnstable.
  void recover();

  /// Whether no solution of this node has an objective of `threshold` or more; a proof when true.
  /// Refreshes reduced costs and bound(). `taken` are all items fixed at 1.
  bool bound_is_below(std::int64_t threshold, std::span<const std::int32_t> taken);

  /// Rigorous upper bound of the last bound_is_below().
  double bound() const noexcept { return bound_; }
  /// Largest objective that the last bound allows; always rigorous.
  std::int64_t integer_bound() const noexcept { return integer_bound_; }

  /// Fixes every nonbasic column that keeps its value in all solutions of `threshold` or more, by
  /// the bound of the last bound_is_below(); appends those fixed at 1 to `taken`. Returns how many.
  int fix_columns(std::int64_t threshold, std::vector<std::int32_t>& taken);

  /// Fixes the items at 0 that do not fit any more beside those fixed at 1 (row propagation).
  /// Returns how many.
  int fix_too_heavy();

  /// Computes the inverse afresh after many pivots.
  void refactor_if_old();

  /// Limits the slacks that the bound allows to a range (they cannot exceed gap / y).
  void tighten_slacks(std::int64_t threshold);

  /// Moves the free columns into a smaller frame when enough of the present one is fixed.
  void compact(StackArena& arena);

  void save(SavedNode& node, StackArena& arena) const;
  void load(const SavedNode& node);
  /// Copies what a saved node points to into memory of its own, so that it outlives the arena.
  void copy_out(SavedNode& node, AlignedArray<std::byte>& memory) const;

  // --- reading the point ---
  int num_rows() const noexcept { return work_.rows; }
  int num_free() const noexcept { return num_free_; }
  const Frame& frame() const noexcept { return work_.frame; }
  int basic_column(int row) const noexcept { return static_cast<int>(work_.basis[row]); }
  double basic_value(int row) const noexcept { return work_.basic_value[row]; }
  bool is_free(int column) const noexcept { return work_.sign[column] != 0.0; }
  bool is_at_one(int column) const noexcept { return work_.sign[column] > 0.5; }
  /// Whether a free column is nonbasic at `value`; such a one may be fixed there by fix_at_bound().
  bool is_nonbasic_at(int column, int value) const noexcept {
    return work_.sign[column] == (value == 1 ? 1.0 : -1.0);
  }
  double reduced_cost(int column) const noexcept { return work_.reduced_cost[column]; }
  std::span<const double> duals() const noexcept {
    return {work_.dual, static_cast<std::size_t>(work_.rows)};
  }
  double dual_penalty(int row, int value) { return kernels_.dual_penalty(work_, {row, value}); }
  /// Fixes a free nonbasic or basic column without the LP; the next reoptimize() starts from a
  /// rebuilt basis. For the rare nodes where the LP gives no fractional column to branch on.
  void fix_directly(int column, int value);
  /// Fixes a free nonbasic column at the bound that it sits at; the basis stays as it is.
  void fix_at_bound(int column) { fix(column, is_at_one(column) ? 1 : 0); }

  std::int64_t iterations() const noexcept { return work_.iterations; }
  std::int64_t flips() const noexcept { return work_.flips; }

 private:
  void build_small_block();
  void cold_start();
  bool factor();
  void fix(int column, int value);
  void take_column(int column);
  void refresh_from_basis();
  void copy_column(int from, const Frame& source, int to, double* cost, double* weight,
                   std::int32_t* item) const;

  const LpModel& model_;
  const LpKernels& kernels_;
  LpWork work_;
  AlignedArray<double> small_storage_;
  AlignedArray<double> column_storage_;
  AlignedArray<double> scratch_storage_;
  AlignedArray<std::int32_t> index_storage_;
  std::vector<double> dense_;  // basis matrix during factor()
  IntegerDualFunction integer_dual_;

  BranchStep pending_;
  std::int64_t cardinality_ = 0;
  int num_free_ = 0;
  double bound_ = 0.0;
  double margin_ = 0.0;
  std::int64_t integer_bound_ = 0;
};

}  // namespace espalier::solver
