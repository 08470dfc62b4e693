#include "classes/collected_items.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <iterator>

#include "classes/profit_kernels.hpp"

namespace espalier::solver {
namespace {

constexpr std::size_t kWord = 64;
static_assert(CollectedItems::kStretch % kWord == 0);

/// The sum modulo 2^64: it fits when all changes are made, but perhaps not between two of them.
std::int64_t wrapped_sum(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

}  // namespace

void CollectedItems::begin_pass(std::size_t num_items, std::int64_t low_profit,
                                std::int64_t high_profit) {
  low = low_profit;
  high = high_profit;
  pieces.resize((num_items + kStretch - 1) / kStretch);
}

void CollectedItems::collect(std::span<const std::int64_t> profits, std::size_t piece_index) {
  const std::size_t begin = piece_index * kStretch;
  const auto stretch = profits.subspan(begin, std::min(kStretch, profits.size() - begin));
  Piece& piece = pieces[piece_index];
  piece.begin = static_cast<std::int32_t>(begin);
  piece.above.resize((stretch.size() + kWord - 1) / kWord);
  std::array<std::uint64_t, kStretch / kWord> inside;
  const ProfitsAbove all = profit_kernels().compare(stretch.data(), stretch.size(), low, high,
                                                    piece.above.data(), inside.data());
  piece.num_above = all.count;
  piece.above_sum = all.sum;
  piece.positions.clear();
  piece.values.clear();
  piece.changed.clear();
  for (std::size_t word = 0; word < piece.above.size(); ++word) {
    for (std::uint64_t bits = inside[word]; bits != 0; bits &= bits - 1) {
      const std::size_t place = word * kWord + static_cast<std::size_t>(std::countr_zero(bits));
      piece.positions.push_back(static_cast<std::int32_t>(begin + place));
      piece.values.push_back(stretch[place]);
    }
  }
}

void CollectedItems::tighten(std::int64_t low_profit, std::int64_t high_profit) {
  low = low_profit;
  high = high_profit;
  for (Piece& piece : pieces) {
    std::size_t kept = 0;
    for (std::size_t k = 0; k < piece.values.size(); ++k) {
      const std::int64_t profit = piece.values[k];
      if (profit > high) mark_above(piece, piece.positions[k], profit);
      piece.positions[kept] = piece.positions[k];
      piece.values[kept] = profit;
      kept += is_inside(profit) ? 1 : 0;
    }
    piece.positions.resize(kept);
    piece.values.resize(kept);
  }
}

void CollectedItems::mark_above(Piece& piece, std::int32_t position, std::int64_t profit) {
  const auto place = static_cast<std::size_t>(position - piece.begin);
  piece.above[place / kWord] |= std::uint64_t{1} << (place % kWord);
  ++piece.num_above;
  piece.above_sum = wrapped_sum(piece.above_sum, profit);
}

void CollectedItems::change(std::int32_t position, std::int64_t before, std::int64_t now) {
  const auto at = static_cast<std::size_t>(position);
  Piece& piece = pieces[at / kStretch];
  if (before > high) {
    const std::size_t place = at % kStretch;
    piece.above[place / kWord] &= ~(std::uint64_t{1} << (place % kWord));
    --piece.num_above;
    piece.above_sum = wrapped_sum(piece.above_sum, -before);
  }
  if (now > high) mark_above(piece, position, now);
  if (is_inside(before) || is_inside(now)) piece.changed.push_back(position);
}

void CollectedItems::settle_changes(std::span<const std::int64_t> profits) {
  std::vector<std::int32_t> unchanged;
  for (Piece& piece : pieces) {
    auto& changed = piece.changed;
    if (changed.empty()) continue;
    std::sort(changed.begin(), changed.end());
    changed.erase(std::unique(changed.begin(), changed.end()), changed.end());
    unchanged.clear();
    std::set_difference(piece.positions.begin(), piece.positions.end(), changed.begin(),
                        changed.end(), std::back_inserter(unchanged));
    const auto is_outside = [&](std::int32_t position) {
      return !is_inside(profits[static_cast<std::size_t>(position)]);
    };
    changed.erase(std::remove_if(changed.begin(), changed.end(), is_outside), changed.end());
    piece.positions.clear();
    std::merge(unchanged.begin(), unchanged.end(), changed.begin(), changed.end(),
               std::back_inserter(piece.positions));
    piece.values.clear();
    for (const std::int32_t position : piece.positions) {
      piece.values.push_back(profits[static_cast<std::size_t>(position)]);
    }
    changed.clear();
  }
}

}  // namespace espalier::solver
