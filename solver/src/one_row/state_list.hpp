#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "one_row/decision_history.hpp"
#include "one_row/limit_watch.hpp"
#include "one_row/relaxation.hpp"
#include "one_row/state.hpp"

namespace espalier::solver::one_row {

/// States in memory that is not touched before it is used.
class StateBuffer {
 public:
  /// Room for `count` states; the contents are lost when it has to grow.
  State* reserve(std::size_t count) {
    if (count > capacity_) {
      states_.reset();
      states_ = std::make_unique_for_overwrite<State[]>(count + count / 4);
      capacity_ = count + count / 4;
    }
    return states_.get();
  }
  State* data() noexcept { return states_.get(); }
  const State* data() const noexcept { return states_.get(); }

 private:
  std::unique_ptr<State[]> states_;
  std::size_t capacity_ = 0;
};

enum class Expansion { kDone, kStopped };

/// Undominated states over a growing set of decided moves.
///
/// Invariants: weights and profits strictly ascend; every solution better than the target has, for
/// its part over the decided moves, a state here that is no heavier and no less profitable, unless
/// the solution is not better than dropped_bound().
class StateList {
 public:
  StateList(std::span<const Move> moves, std::span<const std::int32_t> by_efficiency,
            std::int64_t capacity);

  /// Decides `move`: every state with and without it, save dominated ones and those whose
  /// relaxation does not exceed `target`. A state together with the first entries of the relaxation
  /// is a solution; `target` rises to the best one met, which is then in solution().
  /// `scratch` is working memory. When stopped, no state has changed.
  Expansion expand(std::int32_t move, std::int64_t& target, StateBuffer& scratch,
                   LimitWatch& watch);

  /// Keeps at most `width` states: promising ones, spread over the weights.
  void truncate(std::size_t width);

  std::span<const State> states() const noexcept { return {states_.data(), size_}; }
  std::size_t size() const noexcept { return size_; }
  std::size_t history_bytes() const noexcept {
    return history_.size() * DecisionHistory::node_bytes();
  }
  /// Frees the history of states that are gone.
  void collect_history() { history_.collect({states_.data(), size_}); }

  /// Best relaxation among the states that truncate() dropped.
  const std::optional<std::int64_t>& dropped_bound() const noexcept { return dropped_bound_; }

  /// Moves of the latest solution by which expand() raised its target.
  const std::vector<std::int32_t>& solution() const noexcept { return solution_; }

  /// Appends the moves that are in at `state`.
  void append_moves(const State& state, std::vector<std::int32_t>& chosen) const;

 private:
  struct GreedySolution {
    State state;
    bool takes_move;
    std::size_t greedy_count;
  };

  void store_full_words();
  void keep_solution(const GreedySolution& best, std::int32_t move);

  std::int64_t capacity_;
  std::span<const Move> moves_;
  Relaxation relaxation_;
  DecisionHistory history_;
  StateBuffer states_;
  std::size_t size_ = 0;
  std::vector<std::int32_t> decided_;
  std::size_t work_since_refresh_ = 0;
  std::optional<std::int64_t> dropped_bound_;
  std::vector<std::int32_t> solution_;
};

}  // namespace espalier::solver::one_row
