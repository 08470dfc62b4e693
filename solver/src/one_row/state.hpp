#pragma once

#include <cstdint>

namespace espalier::solver::one_row {

/// A set of moves put in: what the dynamic program knows about it.
struct State {
  std::int64_t weight;
  std::int64_t profit;
  std::uint32_t node;  // decisions already stored in the history
  std::uint32_t bits;  // decisions since, the oldest in bit 0
};

}  // namespace espalier::solver::one_row
