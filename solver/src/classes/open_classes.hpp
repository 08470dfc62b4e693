#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "espalier/solver/classes.hpp"

namespace espalier::solver {

/// A class of which it is open how many of its candidates to take.
struct OpenClass {
  std::size_t class_index = 0;
  std::span<const std::int64_t> weights;
  /// Profits of the candidates; those <= 0 are never taken beyond the floor.
  std::span<const std::int64_t> profits;
  /// At least so many candidates are taken, all of positive profit.
  std::int64_t floor = 0;
  /// Whether the candidates are all items of the class, in their order.
  bool has_all_items = true;
};

/// A classed problem after what needs no search: fixed items are out of the way, classes without a
/// choice are decided. Copies share what does not depend on the capacities.
class OpenClasses {
 public:
  /// The problem must outlive this.
  explicit OpenClasses(const ClassedProblem& problem);

  /// Brings the decisions up to date with other capacities of the same problem.
  void set_capacities(std::span<const std::int64_t> capacities);

  bool is_infeasible() const noexcept { return is_infeasible_; }
  std::span<const OpenClass> open() const noexcept { return open_; }
  /// What the candidates may use.
  std::span<const std::int64_t> capacities() const noexcept { return capacities_; }

  /// Profits of the candidates of class `c`, open or not.
  std::span<const std::int64_t> candidates(std::size_t c) const noexcept {
    return (*prepared_)[c].profits;
  }
  /// Chosen items of class `c` besides its candidates, and their profit.
  std::int64_t num_decided(std::size_t c) const noexcept { return (*prepared_)[c].decided; }
  std::int64_t decided_profit(std::size_t c) const noexcept {
    return (*prepared_)[c].decided_profit;
  }

  /// Chosen items of every class, given the candidates taken of every open class.
  std::vector<std::int64_t> all_counts(std::span<const std::int64_t> open_counts) const;

 private:
  struct Prepared {
    std::vector<std::int64_t> copy;  ///< candidates, where they are not simply all items
    std::span<const std::int64_t> profits;
    std::int64_t floor = 0;
    std::int64_t decided = 0;  ///< items chosen besides the candidates
    std::int64_t decided_profit = 0;
    bool is_weightless = false;
    std::int64_t default_count = 0;  ///< candidates taken when the class is not open
  };

  static Prepared prepare(const ClassedProblem& problem, std::size_t c);

  const ClassedProblem* problem_;
  std::shared_ptr<const std::vector<Prepared>> prepared_;
  std::vector<OpenClass> open_;
  std::vector<std::int64_t> capacities_;
  bool is_infeasible_ = false;
};

}  // namespace espalier::solver
