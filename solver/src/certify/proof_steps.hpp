#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "certify/leaf.hpp"

namespace espalier::solver {

/// The steps of a proof tree in postfix order: a leaf puts its clause on a stack, a join replaces
/// the two topmost clauses by their resolvent on an item. A bound comes before the subtree that
/// uses it, and an end behind that. Says nothing of line numbers, so that the steps of subtrees can
/// be strung together.
class ProofSteps {
 public:
  void add_leaf(const Leaf& leaf);
  void add_bound(const Multipliers& bound);
  /// Ends the subtree of the bound at `begin`, or takes that back when nothing has used it.
  void end_bound(std::size_t begin, bool is_used);
  /// Joins two subtrees, the steps from `begin` and those from `middle` on. Of a leaf and a larger
  /// tree the leaf comes first: the text needs no clause for it then.
  void join(std::size_t begin, std::size_t middle, std::int32_t item);
  void append(const ProofSteps& other) {
    codes_.insert(codes_.end(), other.codes_.begin(), other.codes_.end());
  }

  std::size_t size() const noexcept { return codes_.size(); }
  std::size_t bytes() const noexcept { return codes_.capacity() * sizeof(std::int64_t); }
  void erase(std::size_t begin, std::size_t end) { codes_.erase(place(begin), place(end)); }

  /// Calls the methods leaf(const Leaf&), bound(const Multipliers&), end_bound() and join(item) of
  /// a reader in order; sums have `num_rows` multipliers.
  template <typename Reader>
  void replay(std::size_t num_rows, Reader& reader) const {
    Leaf leaf;
    for (std::size_t at = 0; at < codes_.size();) {
      const std::int64_t code = codes_[at];
      if (code == kJoin) {
        reader.join(static_cast<std::int32_t>(codes_[at + 1]));
        at += 2;
        continue;
      }
      if (code == kEnd) {
        reader.end_bound();
        at += 1;
        continue;
      }
      const std::size_t end = at + static_cast<std::size_t>(codes_[at + 1]);
      at = read(leaf.multipliers, at + 2, num_rows);
      if (code == kBound) {
        reader.bound(leaf.multipliers);
        continue;
      }
      leaf.needs_orders = codes_[at++] != 0;
      leaf.clause.clear();
      for (; at < end; ++at) {
        leaf.clause.push_back(
            {static_cast<std::int32_t>(codes_[at] >> 1), static_cast<std::int8_t>(codes_[at] & 1)});
      }
      reader.leaf(leaf);
    }
  }

 private:
  static constexpr std::int64_t kJoin = -1;   // the item follows
  static constexpr std::int64_t kEnd = -2;    // of a bound
  static constexpr std::int64_t kLeaf = -3;   // the number of its codes follows
  static constexpr std::int64_t kBound = -4;  // likewise

  std::vector<std::int64_t>::iterator place(std::size_t at) {
    return codes_.begin() + static_cast<std::ptrdiff_t>(at);
  }
  bool is_leaf(std::size_t begin, std::size_t end) const {
    return codes_[begin] == kLeaf && codes_[begin + 1] == static_cast<std::int64_t>(end - begin);
  }
  std::size_t begin(std::int64_t code, const Multipliers& multipliers);
  void end(std::size_t begin) {
    codes_[begin + 1] = static_cast<std::int64_t>(codes_.size() - begin);
  }
  std::size_t read(Multipliers& multipliers, std::size_t at, std::size_t num_rows) const;

  std::vector<std::int64_t> codes_;
};

inline std::size_t ProofSteps::begin(std::int64_t code, const Multipliers& multipliers) {
  const std::size_t at = codes_.size();
  codes_.push_back(code);
  codes_.push_back(0);
  codes_.push_back(multipliers.objective);
  codes_.insert(codes_.end(), multipliers.rows.begin(), multipliers.rows.end());
  codes_.push_back(multipliers.cardinality);
  codes_.push_back(multipliers.count);
  return at;
}

inline std::size_t ProofSteps::read(Multipliers& multipliers, std::size_t at,
                                    std::size_t num_rows) const {
  multipliers.objective = codes_[at++];
  multipliers.rows.assign(&codes_[at], &codes_[at] + num_rows);
  at += num_rows;
  multipliers.cardinality = codes_[at++];
  multipliers.count = codes_[at++];
  return at;
}

inline void ProofSteps::add_leaf(const Leaf& leaf) {
  const std::size_t at = begin(kLeaf, leaf.multipliers);
  codes_.push_back(leaf.needs_orders ? 1 : 0);
  for (const Decision decision : leaf.clause) {
    codes_.push_back(std::int64_t{decision.item} << 1 | decision.value);
  }
  end(at);
}

inline void ProofSteps::add_bound(const Multipliers& bound) { end(begin(kBound, bound)); }

inline void ProofSteps::end_bound(std::size_t begin, bool is_used) {
  if (is_used) {
    codes_.push_back(kEnd);
  } else {
    erase(begin, begin + static_cast<std::size_t>(codes_[begin + 1]));
  }
}

inline void ProofSteps::join(std::size_t begin, std::size_t middle, std::int32_t item) {
  if (is_leaf(middle, codes_.size()) && !is_leaf(begin, middle)) {
    std::rotate(place(begin), place(middle), codes_.end());
  }
  codes_.push_back(kJoin);
  codes_.push_back(item);
}

}  // namespace espalier::solver
