#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <vector>

namespace espalier::solver {

/// A core item decided to be in or out; or, behind the items, a threshold on the number of chosen
/// items decided to be reached or not.
struct Decision {
  std::int32_t item = 0;
  std::int8_t value = 0;
};

/// The decisions on the way from the root of a proof tree to a node, in groups. Each branching
/// decides one item and, along its chain, those that follow from it; the branching comes first in
/// its group. Other groups hold what a node's own bound implies.
class DecisionPath {
 public:
  void begin_group() { groups_.push_back({decisions_.size(), -1}); }
  /// `bound` is a number that the caller knows the node's bound by.
  void begin_implied_group(int bound) { groups_.push_back({decisions_.size(), bound}); }
  void add(Decision decision) { decisions_.push_back(decision); }

  std::size_t num_groups() const noexcept { return groups_.size(); }
  std::span<const Decision> all() const noexcept { return decisions_; }
  std::span<const Decision> group(std::size_t g) const {
    const std::size_t end = g + 1 < groups_.size() ? groups_[g + 1].begin : decisions_.size();
    return std::span(decisions_).subspan(groups_[g].begin, end - groups_[g].begin);
  }
  /// The bound that implies a group, -1 for a branching.
  int bound_of(std::size_t g) const { return groups_[g].bound; }

  void shrink_to_groups(std::size_t count) {
    if (count >= groups_.size()) return;
    decisions_.resize(groups_[count].begin);
    groups_.resize(count);
  }

 private:
  struct Group {
    std::size_t begin = 0;
    int bound = -1;
  };
  std::vector<Decision> decisions_;
  std::vector<Group> groups_;
};

/// What a proven subtree says: not all of these branchings at once. Sorted by item.
using Clause = std::vector<Decision>;

/// What two clauses say that name opposite branchings on `item`.
inline Clause resolve(const Clause& first, const Clause& second, std::int32_t item) {
  Clause resolvent;
  std::set_union(first.begin(), first.end(), second.begin(), second.end(),
                 std::back_inserter(resolvent),
                 [](Decision a, Decision b) { return a.item < b.item; });
  std::erase_if(resolvent, [item](Decision decision) { return decision.item == item; });
  return resolvent;
}

}  // namespace espalier::solver
