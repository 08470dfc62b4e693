#include <algorithm>
#include <bit>
#include <cstdint>
#include <numeric>
#include <vector>

#include "espalier/support/exact.hpp"

#include "presolve/reducible_problem.hpp"

namespace espalier::solver {
namespace {

/// Subset sums are enumerated in a bit set of up to this many bits, and of this many word
/// operations in all: a few milliseconds at most.
constexpr std::int64_t kMostSums = std::int64_t{1} << 22;
constexpr std::int64_t kMostSumWork = std::int64_t{1} << 23;

/// Row `weak` follows from row `strong` when its weights, over its capacity, are nowhere greater.
bool implies(const ReducibleProblem& problem, const std::vector<int>& items, int strong, int weak) {
  const Int128 strong_capacity = problem.capacity(strong);
  const Int128 weak_capacity = problem.capacity(weak);
  if (strong_capacity == 0) return false;  // such a row only keeps items out, and is trivial itself
  return std::all_of(items.begin(), items.end(), [&](int j) {
    return problem.weight(weak, j) * strong_capacity <= problem.weight(strong, j) * weak_capacity;
  });
}

/// All weights are multiples of their gcd, so only the floor of the capacity counts.
bool divide_row(ReducibleProblem& problem, const std::vector<int>& items, int i) {
  std::int64_t divisor = 0;
  for (const int j : items) divisor = std::gcd(divisor, problem.weight(i, j));
  if (divisor <= 1) return false;
  for (const int j : items) problem.weight(i, j) /= divisor;
  problem.capacity(i) /= divisor;
  return true;
}

/// Bit s says whether some subset of the items weighs exactly s <= capacity.
std::vector<std::uint64_t> reachable_sums(const ReducibleProblem& problem,
                                          const std::vector<int>& items, int i) {
  const auto words = static_cast<std::size_t>(problem.capacity(i) / 64 + 1);
  std::vector<std::uint64_t> sums(words, 0);
  sums[0] = 1;
  for (const int j : items) {
    const auto shift = static_cast<std::size_t>(problem.weight(i, j));
    if (shift == 0) continue;
    const std::size_t skip = shift / 64;
    const unsigned bits = shift % 64;
    for (std::size_t w = words; w-- > skip;) {
      std::uint64_t moved = sums[w - skip] << bits;
      if (bits != 0 && w > skip) moved |= sums[w - skip - 1] >> (64 - bits);
      sums[w] |= moved;
    }
  }
  return sums;
}

/// The capacity falls to the largest weight that a selection can have.
bool round_capacity_down(ReducibleProblem& problem, const std::vector<int>& items, int i) {
  const std::int64_t capacity = problem.capacity(i);
  if (capacity >= kMostSums) return false;
  if (static_cast<std::int64_t>(items.size()) * (capacity / 64 + 1) > kMostSumWork) return false;
  const auto sums = reachable_sums(problem, items, i);
  std::int64_t best = capacity;
  while ((sums[static_cast<std::size_t>(best / 64)] >> (best % 64) & 1) == 0) --best;
  problem.capacity(i) = best;
  return best < capacity;
}

/// If all items but j leave `room` > 0 in the row, the row only matters with j chosen: both its
/// weight and the capacity can fall by `room` (Savelsbergh 1994, section 1).
bool tighten_weights(ReducibleProblem& problem, const std::vector<int>& items, int i) {
  bool changed = false;
  std::int64_t total = problem.total_weight(i);
  for (const int j : items) {
    const std::int64_t weight = problem.weight(i, j);
    const std::int64_t room = problem.capacity(i) - (total - weight);
    if (room <= 0 || weight == 0 || total <= problem.capacity(i)) continue;
    problem.weight(i, j) -= room;
    problem.capacity(i) -= room;
    total -= room;
    changed = true;
  }
  return changed;
}

}  // namespace

bool drop_rows(ReducibleProblem& problem) {
  bool changed = false;
  const auto items = problem.open_items();
  for (const int i : problem.open_rows()) {
    const auto others = problem.open_rows();
    const bool is_redundant = problem.total_weight(i) <= problem.capacity(i) ||
                              std::any_of(others.begin(), others.end(), [&](int k) {
                                return k != i && implies(problem, items, k, i);
                              });
    if (!is_redundant) continue;
    problem.close_row(i);
    changed = true;
  }
  return changed;
}

bool tighten_rows(ReducibleProblem& problem) {
  bool changed = false;
  const auto items = problem.open_items();
  for (const int i : problem.open_rows()) {
    changed |= divide_row(problem, items, i);
    changed |= round_capacity_down(problem, items, i);
    changed |= tighten_weights(problem, items, i);
  }
  return changed;
}

}  // namespace espalier::solver
