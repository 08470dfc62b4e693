#pragma once

#include <cstdint>
#include <vector>

#include "lp/node_relaxation.hpp"
#include "model/aligned.hpp"

namespace espalier::solver {

/// How a node is split: on the basic column of `row`, or, where the relaxation offers no fractional
/// one, on `column` directly.
struct Branching {
  int row = -1;
  int column = -1;
  int value = 0;  ///< of the child that is meant

  bool is_none() const noexcept { return row < 0 && column < 0; }
};

/// A piece of the search tree on its way from one thread to another: a node put aside, with copies
/// of everything it refers to, and the branching that is still to be applied to it.
struct Subtree {
  SavedNode node;
  AlignedArray<std::byte> memory;   ///< holds what `node` points to
  std::vector<std::int32_t> taken;  ///< items at 1
  Branching branching;
  double parent_bound = 0.0;
  int root = 0;  ///< index of the root subproblem it descends from
};

}  // namespace espalier::solver
