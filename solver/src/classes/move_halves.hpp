#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "classes/basis_tube.hpp"
#include "classes/count_moves.hpp"

namespace espalier::solver {

/// Meeting in the middle (Horowitz and Sahni 1974, "Computing partitions with applications to the
/// knapsack problem") over the combinations of moves that cost at most a limit.
///
/// The classes are dealt out to two halves. All combinations within either half are listed, about
/// the square root of the number of all; those of the second half in the order of what they add to
/// the residue of one support of the tube. Beside one of the first half only those of the second
/// are looked at with which that support has a place: few, as supports leave hardly any slack.
class MoveHalves {
 public:
  using Visit = std::function<void(std::span<const std::size_t>)>;

  /// Both must outlive this; the tube is built and has a support.
  MoveHalves(const CountMoves& moves, const BasisTube& tube) : moves_(moves), tube_(tube) {}

  /// Lists the combinations of either half that cost at most `limit`, from all moves of at most
  /// that price. False when one half has more than `most`.
  bool list(std::int64_t limit, std::size_t most);
  /// Combinations that list() has gone through.
  std::size_t listed() const noexcept { return first_.size() + second_.size(); }

  std::size_t first_size() const noexcept { return first_.size(); }

  /// Calls visit(positions of the moves) for every combination of entry `a` of the first half and
  /// one of the second that costs at most `budget`, which is no greater than the limit, and leaves
  /// all supports a place. The budget may fall meanwhile. Returns how many pairs were looked at.
  std::size_t join(std::size_t a, const std::int64_t& budget, const Visit& visit);

 private:
  /// A combination: another one, which comes earlier in the list, and one more move.
  struct Entry {
    std::int64_t loss;
    std::size_t parent;  ///< entry 0 is no move at all and its own parent
    std::size_t move;
    BasisTube::Numerators residues;  ///< as many as there are supports
  };

  struct Half {
    std::vector<std::size_t> moves;  ///< positions, by price
    std::vector<Entry> entries;

    std::size_t size() const noexcept { return entries.size(); }
  };

  /// An entry of the second half.
  struct Sorted {
    std::int64_t residue;  ///< of the key
    std::int64_t loss;
    std::size_t entry;
  };

  void deal_out();
  bool fill(Half& half, const BasisTube::Numerators& root);
  bool extend(Half& half, std::size_t parent, std::size_t from);
  void choose_key();
  void sort_second();
  std::size_t bin_of(std::int64_t residue) const noexcept {
    return static_cast<std::size_t>(static_cast<double>(residue) * bins_per_residue_);
  }
  std::size_t match(const Entry& a, BasisTube::Interval wanted, const std::int64_t& budget,
                    const Visit& visit);
  bool has_places(const Entry& a, const Entry& b, std::int64_t left) const;
  std::span<const std::size_t> moves_of(const Entry& a, const Entry& b);

  const CountMoves& moves_;
  const BasisTube& tube_;
  std::int64_t limit_ = 0;
  std::size_t most_ = 0;
  Half first_, second_;
  std::vector<std::uint8_t> half_of_;  ///< by class: 1 or 2, 0 for neither
  std::vector<std::uint8_t> is_used_;  ///< by class: in the combination that is being extended
  std::size_t key_ = 0;                ///< the support by whose residue the second half is sorted
  double bins_per_residue_ = 0.0;
  std::vector<std::size_t> bin_begin_;  ///< places in sorted_, one more than bins
  std::vector<Sorted> sorted_;          ///< bin by bin, cheapest first
  std::vector<std::size_t> picked_;
};

}  // namespace espalier::solver
