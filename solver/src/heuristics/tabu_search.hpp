#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "espalier/support/random.hpp"

#include "heuristics/swap_scan.hpp"
#include "model/aligned.hpp"
#include "model/core_problem.hpp"

namespace espalier::solver {

/// Local search among selections of more than a target's worth, which violate rows, for one that
/// does not (after Vasquez and Hao 2001).
///
/// A move exchanges an item for another, or adds or drops one: the one after which the rows are
/// exceeded least, all of them together, among those that lead to no selection seen before (a
/// solution-based tabu list; Lai, Hao, Glover and Lue 2018). The target is a row of its own, whose
/// violation costs far more than that of others. Once a solution reaches it, it is one more.
///
/// Only the items of the smallest |reduced cost| at the root move, the others keep their root
/// value. The search starts again from a rounding at random, and with another number of items, when
/// it has not found anything for a while; then the target is that of the first start, as solutions
/// lead to better ones.
class TabuSearch {
 public:
  using Found = std::function<void(std::span<const std::int32_t> items)>;

  TabuSearch(const CoreProblem& core, std::span<const double> reduced_costs, std::uint64_t seed);

  /// Continues for about as long as `effort` says, and a move at least. Calls `found` with every
  /// solution that is better than `known` and than all found before.
  void run(double effort, std::int64_t known, const Found& found);

  /// What the calls of run() have cost, in about nanoseconds.
  double effort() const noexcept { return effort_; }

 private:
  /// The best move of a scan. Places are those in `leaving_` and `entering_`.
  struct Move {
    std::size_t leaving = 0;
    std::size_t entering = 0;
    float violation = 0.0F;
    std::int64_t loss = 0;  // of the objective
    std::uint64_t selection = 0;
    bool exists = false;
  };

  void choose_movers(std::span<const double> reduced_costs);
  void restart();
  void put_entering(std::size_t place, std::int32_t mover);
  void append_entering(std::int32_t mover);
  Move best_move();
  void scan_with(std::size_t leaving, Move& best);
  void apply(const Move& move);
  bool is_solution() const;
  void raise_target();

  std::uint64_t hash(std::int32_t mover) const {
    return mover < 0 ? 0 : hashes_[static_cast<std::size_t>(mover)];
  }
  const std::int64_t* changes(std::int32_t mover) const {
    return changes_.data() + static_cast<std::size_t>(mover) * rows_;
  }
  bool is_seen(std::uint64_t selection) const;
  void note(std::uint64_t selection);
  std::vector<std::int32_t> items() const;

  const CoreProblem& core_;
  const SwapScan& scan_ = swap_scan();
  std::size_t rows_;  // with the objective as the last one
  Random random_;

  std::vector<std::int32_t> settled_;      // items that never move and are taken
  std::vector<std::int64_t> base_excess_;  // of them over the capacities, and 0
  std::vector<std::int32_t> movers_;       // items by |reduced cost|
  std::vector<double> worths_;             // their reduced costs
  std::vector<std::int64_t> changes_;      // per mover: its weights and negative profit
  std::vector<float> scaled_;              // the same in `units_`
  std::vector<double> units_;              // per row
  std::vector<std::uint64_t> hashes_;      // per mover
  std::vector<std::uint8_t> is_taken_;     // per mover
  std::vector<std::int64_t> excess_;       // loads less capacities; target less objective
  std::vector<std::int32_t> leaving_;      // taken movers, after -1 for none
  std::vector<std::int32_t> entering_;     // the others that may move, after -1 for none
  AlignedArray<float> blocks_;             // of `entering_`
  std::vector<float> scaled_excess_;       // scratch: `excess_` in `units_`
  std::vector<float> after_leaving_;       // scratch: the same without an item
  AlignedArray<float> sums_;               // scratch
  std::vector<std::uint64_t> seen_;        // bits by hash
  std::uint64_t selection_ = 0;            // hash of the present one
  std::int64_t first_target_ = 0;
  std::int64_t target_ = 0;
  std::int64_t best_ = -1;
  std::int64_t move_ = 0;
  std::int64_t last_improvement_ = 0;
  double effort_ = 0.0;
  bool has_started_ = false;
};

}  // namespace espalier::solver
