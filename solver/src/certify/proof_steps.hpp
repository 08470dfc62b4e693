#pragma once

#include <cstdint>
#include <vector>

#include "certify/leaf.hpp"

namespace espalier::solver {

/// The steps of a proof tree in postfix order: a leaf puts its clause on a stack, a join replaces
/// the two topmost clauses by their resolvent. Says nothing of line numbers, so that the steps of
/// subtrees can be strung together.
class ProofSteps {
 public:
  void add_leaf(const Leaf& leaf);
  void add_join() { codes_.push_back(kJoin); }
  void append(const ProofSteps& other) {
    codes_.insert(codes_.end(), other.codes_.begin(), other.codes_.end());
  }

  std::size_t size() const noexcept { return codes_.size(); }
  std::size_t bytes() const noexcept { return codes_.capacity() * sizeof(std::int64_t); }
  void erase(std::size_t begin, std::size_t end) {
    const auto at = codes_.begin();
    codes_.erase(at + static_cast<std::ptrdiff_t>(begin), at + static_cast<std::ptrdiff_t>(end));
  }

  /// Calls `on_leaf(const Leaf&)` and `on_join()` in order; leaves have `num_rows` multipliers.
  template <typename OnLeaf, typename OnJoin>
  void replay(std::size_t num_rows, OnLeaf on_leaf, OnJoin on_join) const {
    Leaf leaf;
    for (std::size_t at = 0; at < codes_.size();) {
      if (codes_[at++] == kJoin) {
        on_join();
        continue;
      }
      leaf.objective_multiplier = codes_[at++];
      leaf.row_multipliers.assign(&codes_[at], &codes_[at] + num_rows);
      at += num_rows;
      leaf.cardinality_multiplier = codes_[at++];
      leaf.cardinality = codes_[at++];
      leaf.clause.resize(static_cast<std::size_t>(codes_[at++]));
      for (Decision& decision : leaf.clause) {
        const std::int64_t code = codes_[at++];
        decision = {static_cast<std::int32_t>(code >> 1), static_cast<std::int8_t>(code & 1)};
      }
      on_leaf(leaf);
    }
  }

 private:
  static constexpr std::int64_t kJoin = -1;
  static constexpr std::int64_t kLeaf = -2;

  std::vector<std::int64_t> codes_;
};

inline void ProofSteps::add_leaf(const Leaf& leaf) {
  codes_.push_back(kLeaf);
  codes_.push_back(leaf.objective_multiplier);
  codes_.insert(codes_.end(), leaf.row_multipliers.begin(), leaf.row_multipliers.end());
  codes_.push_back(leaf.cardinality_multiplier);
  codes_.push_back(leaf.cardinality);
  codes_.push_back(static_cast<std::int64_t>(leaf.clause.size()));
  for (const Decision decision : leaf.clause) {
    codes_.push_back(std::int64_t{decision.item} << 1 | decision.value);
  }
}

}  // namespace espalier::solver
