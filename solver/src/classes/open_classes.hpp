#pragma once

#include <cstddef>
#include <cstdint>
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
};

/// A classed problem after what needs no search: fixed items are out of the way, classes without a
/// choice are decided.
class OpenClasses {
 public:
  explicit OpenClasses(const ClassedProblem& problem);
  OpenClasses(const OpenClasses&) = delete;
  OpenClasses& operator=(const OpenClasses&) = delete;

  /// Brings the decisions up to date with other capacities of the same problem.
  void set_capacities(std::span<const std::int64_t> capacities);

  bool is_infeasible() const noexcept { return is_infeasible_; }
  std::span<const OpenClass> open() const noexcept { return open_; }
  /// What the candidates may use.
  std::span<const std::int64_t> capacities() const noexcept { return capacities_; }

  /// Chosen items of every class, given the candidates taken of every open class.
  std::vector<std::int64_t> all_counts(std::span<const std::int64_t> open_counts) const;
  /// The reverse; what does not fit in the range of a class is moved to its nearest count.
  std::vector<std::int64_t> open_counts(std::span<const std::int64_t> all_counts) const;

 private:
  struct Prepared {
    std::vector<std::int64_t> copy;  ///< candidates, where they are not simply all items
    std::span<const std::int64_t> profits;
    std::int64_t floor = 0;
    std::int64_t decided = 0;  ///< items chosen besides the candidates
    bool is_weightless = false;
    std::int64_t default_count = 0;  ///< candidates taken when the class is not open
  };

  void prepare(std::size_t c);

  const ClassedProblem& problem_;
  std::vector<Prepared> prepared_;
  std::vector<OpenClass> open_;
  std::vector<std::int64_t> capacities_;
  bool is_infeasible_ = false;
};

}  // namespace espalier::solver
