#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "one_row/state.hpp"

namespace espalier::solver::one_row {

/// The decisions of all live states, 32 to a word, as a forest of words.
///
/// A state carries its latest decisions as bits and the node of the ones before. Words that no live
/// state reaches are collected; states that stem from one ancestor share its words.
/// Invariant: the parent of a node has a smaller index than the node; node 0 is the empty history.
class DecisionHistory {
 public:
  static constexpr int kWordBits = 32;

  DecisionHistory() : nodes_{{0, 0}} {}

  /// Moves the bits of every state into a node of its own.
  void store(std::span<State> states);

  /// Drops the nodes that no state of `states` reaches and renumbers the others.
  void collect(std::span<State> states);

  /// Whether so many nodes were added since the last collection that another one pays.
  bool worth_collecting() const noexcept { return nodes_.size() > 2 * live_ + kCollectFrom; }

  std::size_t size() const noexcept { return nodes_.size(); }
  static constexpr std::size_t node_bytes() noexcept { return sizeof(Node); }

  /// The words from the oldest to the newest on the way to `node`.
  std::vector<std::uint32_t> words(std::uint32_t node) const;

 private:
  struct Node {
    std::uint32_t parent;
    std::uint32_t bits;
  };
  static constexpr std::size_t kCollectFrom = std::size_t{1} << 16;

  std::vector<Node> nodes_;
  std::size_t live_ = 0;
};

}  // namespace espalier::solver::one_row
