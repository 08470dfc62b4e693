#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "classes/basis_tube.hpp"
#include "classes/deviations.hpp"

namespace espalier::solver {

/// A deviation of one class from its count and what it costs.
struct CountMove {
  std::int64_t price = 0;
  std::size_t class_index = 0;
  std::int64_t delta = 0;
};

/// The deviations of the classes that are no supports, cheapest first, as far as they are needed.
class CountMoves {
 public:
  /// `tube` must outlive this; begin() comes before all else, once the tube is built.
  explicit CountMoves(const BasisTube& tube) : tube_(tube) {}
  void begin(std::size_t num_classes);

  /// The classes that are no supports.
  std::span<const std::size_t> classes() const noexcept { return classes_; }

  /// Takes in all deviations of a price of at most `limit`; limits must not fall.
  void extend(std::span<Deviations> deviations, std::int64_t limit);

  std::size_t size() const noexcept { return moves_.size(); }
  const CountMove& operator[](std::size_t k) const noexcept { return moves_[k]; }
  /// What the move adds to the residues of the tube.
  const std::int64_t* residues(std::size_t k) const noexcept {
    return residues_.data() + k * tube_.size();
  }
  /// The same for the first support alone, one move after the other; 0 where there is no support.
  const std::int64_t* first_residues() const noexcept { return first_residues_.data(); }

  /// First position from `begin` on whose price exceeds `left`.
  std::size_t end_of(std::size_t begin, std::int64_t left) const noexcept {
    return first_beyond(begin, moves_.size(),
                        [&](std::size_t k) { return moves_[k].price <= left; });
  }
  /// First position of [begin, end) whose price leaves nothing for any move behind it.
  std::size_t end_of_pairs(std::size_t begin, std::size_t end, std::int64_t left) const noexcept {
    return first_beyond(begin, end, [&](std::size_t k) {
      return k + 1 < moves_.size() && moves_[k].price + moves_[k + 1].price <= left;
    });
  }

 private:
  void add_up_to(std::int64_t limit, std::size_t c, std::int64_t sign, Deviations& deviations);

  template <typename Holds>
  static std::size_t first_beyond(std::size_t low, std::size_t high, Holds holds) noexcept {
    while (low < high) {
      const std::size_t middle = low + (high - low) / 2;
      if (holds(middle)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  const BasisTube& tube_;
  std::vector<std::size_t> classes_;
  std::vector<std::int64_t> furthest_up_;     ///< by class: items more that a move takes at most
  std::vector<std::int64_t> furthest_down_;   ///< and fewer
  std::vector<CountMove> moves_;              ///< by price
  std::vector<std::int64_t> residues_;        ///< by move, then support
  std::vector<std::int64_t> first_residues_;  ///< by move
};

}  // namespace espalier::solver
