#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "espalier/support/random.hpp"

#include "model/core_problem.hpp"

namespace espalier::solver {

/// Local search that drops a few items and fills up again, with short memories of what it did
/// (after the oscillation of Glover and Kochenberger 1996; here always on the feasible side).
///
/// Items are judged by their reduced costs at the root, which already price all rows, plus noise.
/// Only the items with the smallest |reduced cost| move; the others keep their root value.
class Oscillation {
 public:
  using Found = std::function<void(std::span<const std::int32_t> items)>;

  Oscillation(const CoreProblem& core, std::span<const double> reduced_costs, std::uint64_t seed);

  /// Continues for `moves` drop-and-fill moves. Calls `found` with every solution that is better
  /// than `known` and than all found before.
  void run(std::int64_t moves, std::int64_t known, const Found& found);

 private:
  /// One item that may move.
  struct Mover {
    std::int32_t item = 0;
    double worth = 0.0;          // reduced cost
    std::int64_t may_enter = 0;  // first move in which it may be taken again
    std::int64_t may_leave = 0;
    bool is_taken = false;
  };

  const std::int64_t* weights_of(std::size_t k) const { return weights_.data() + k * rows_; }
  bool settle(std::int32_t item);
  bool fits(std::size_t k) const;
  void change(std::size_t k, bool take);
  bool drop_one();
  bool fill_one();
  void restart_from_best();
  std::vector<std::int32_t> items() const;

  const CoreProblem& core_;
  std::size_t rows_;
  Random random_;
  std::vector<Mover> movers_;
  std::vector<std::int64_t> weights_;  // of the movers, one after the other
  std::vector<std::int32_t> settled_;  // items outside the movers that are taken
  std::vector<std::int64_t> room_;
  std::int64_t objective_ = 0;
  std::int64_t best_ = -1;
  std::vector<std::uint8_t> best_taken_;
  std::int64_t move_ = 0;
  std::int64_t last_improvement_ = 0;
  double noise_ = 0.0;
};

}  // namespace espalier::solver
