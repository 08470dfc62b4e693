#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "espalier/solver/options.hpp"
#include "espalier/solver/problem.hpp"
#include "espalier/solver/result.hpp"

namespace espalier::solver {

/// Items that share one weight vector. Of such items a best selection takes the most profitable
/// ones, so that the only decision is how many.
struct ItemClass {
  /// What each item of the class weighs, one value >= 0 per row.
  std::vector<std::int64_t> weights;
  /// One profit per item, of any sign; may be empty.
  std::vector<std::int64_t> profits;
  /// At least so many items are chosen, even where their profit is negative.
  std::int64_t min_kept = 0;
  /// Items that are chosen whatever they cost, and items that never are: distinct 0-based positions
  /// within the class. The former count towards min_kept.
  std::vector<std::int32_t> always = {};
  std::vector<std::int32_t> never = {};
};

/// Another profit for one item of a class.
struct ProfitChange {
  std::int32_t position = 0;  ///< 0-based, within the class
  std::int64_t profit = 0;
};

/// A 0-1 multidimensional knapsack whose items come in classes of equal weight vector. What varies
/// from one problem to a similar one can be set anew: profits, floors and capacities.
///
/// Invariants: at least one row; every class has one weight >= 0 per row; |capacity| + the sum of
/// all weights of a row fits in 63 bits, likewise the sum of |profits|; fewer than 2^31 items;
/// min_kept does not exceed the items that may be chosen; no position is both always and never.
/// Each function that sets something throws Error and changes nothing where one would be broken.
/// Safe to read from any thread.
class ClassedProblem {
 public:
  /// Throws Error that names the class (0-based) and the row or item. Costs one pass over the
  /// profits.
  ClassedProblem(std::vector<ItemClass> classes, std::vector<std::int64_t> capacities);

  int num_rows() const noexcept { return static_cast<int>(capacities_.size()); }
  std::int64_t num_items() const noexcept { return num_items_; }
  std::span<const ItemClass> classes() const noexcept { return classes_; }
  std::span<const std::int64_t> capacities() const noexcept { return capacities_; }

  /// A power of two that divides every profit, the greatest one unless change_profits() was called;
  /// 0 where all are 0.
  std::int64_t profit_unit() const noexcept;
  /// Largest profit, at least 0.
  std::int64_t max_profit() const noexcept;
  /// Whether class `c` holds a profit <= 0.
  bool has_unprofitable(std::size_t c) const noexcept { return summaries_[c].least <= 0; }

  /// Other profits for all items of class `c`, as many as before. Returns the former ones, whose
  /// memory may take the next. Costs one pass over the class.
  std::vector<std::int64_t> set_profits(std::size_t c, std::vector<std::int64_t> profits);
  /// Other profits for some items of class `c`; of several for one item the last one counts.
  /// Returns the former ones, in the same order. Costs a pass over the class where its largest or
  /// its least profit was among them.
  std::vector<ProfitChange> change_profits(std::size_t c, std::span<const ProfitChange> changes);
  /// Another least number of items of class `c`.
  void set_min_kept(std::size_t c, std::int64_t min_kept);
  /// The same classes under other capacities. Throws Error when a sum leaves 63 bits.
  void set_capacities(std::vector<std::int64_t> capacities);
  /// Throws the Error that set_capacities() would.
  void check_capacities(std::span<const std::int64_t> capacities) const;

 private:
  /// Of the profits of one class.
  struct ProfitSummary {
    std::int64_t magnitude = 0;  ///< sum of |profit|
    std::uint64_t bits = 0;      ///< of all of them, or-ed; bits of former ones may stay
    std::int64_t least = INT64_MAX;
    std::int64_t greatest = 0;
  };

  ProfitSummary summarise(std::size_t c, std::span<const std::int64_t> profits) const;
  std::int64_t magnitude_besides(std::size_t c) const noexcept;
  void check_class(std::size_t c) const;

  std::vector<ItemClass> classes_;
  std::vector<std::int64_t> capacities_;
  std::vector<ProfitSummary> summaries_;
  std::int64_t num_items_ = 0;
  std::int64_t magnitude_ = 0;  ///< of all profits
};

/// What one solve leaves behind for the next: worth giving when profits or capacities have changed
/// a little. It never changes the optimum, only the time to find it.
struct ClassedStart {
  /// The LP duals, one per row; empty: none are known.
  std::vector<double> multipliers = {};
};

/// Counters of one solve by classes.
struct ClassedStatistics {
  std::int64_t classes = 0;        // classes with more than one possible count
  std::int64_t window_items = 0;   // items that were sorted
  std::int64_t pivots = 0;         // of the LP over classes
  std::int64_t count_vectors = 0;  // looked at by the search over counts
  std::int64_t widenings = 0;      // windows that had to be collected again
  std::int64_t general_items = 0;  // items of the core handed to the general search; mostly 0
  std::int64_t general_nodes = 0;  // and its branch-and-bound nodes
  double lp_bound = 0.0;           // LP bound of the whole problem, approximately
  double lp_seconds = 0.0;         // selection and LP
  double search_seconds = 0.0;     // search over counts, general search included
  double seconds = 0.0;            // everything
};

/// Answer of solve_classed(); status, objective and bound as in Result.
struct ClassedResult {
  Status status = Status::kInfeasible;
  StopReason stop_reason = StopReason::kNone;
  std::int64_t objective = 0;
  std::int64_t bound = 0;
  /// Chosen items per class, ascending positions within the class; empty when infeasible.
  std::vector<std::vector<std::int32_t>> selected;
  /// To start the next solve with.
  ClassedStart next;
  ClassedStatistics statistics;
};

/// Solves a classed problem to proven optimality, or until a limit of the options ends the search.
///
/// Time and memory are linear in the number of items and small: on ordinary data a few passes over
/// the profits. Among items of equal profit those of lower position are chosen. Of the options,
/// threads, time_limit_seconds and stop count; the others go to the general search where that is
/// needed (options.start is ignored). Throws Error when the options or the start are invalid.
ClassedResult solve_classed(const ClassedProblem& problem, const SolveOptions& options = {},
                            const ClassedStart& start = {});

}  // namespace espalier::solver
