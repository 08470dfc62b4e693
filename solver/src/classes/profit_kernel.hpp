// Passes over many profits, free of branches so that they run on wide vectors.
//
// Included by one .cpp per instruction set, which defines ESPALIER_KERNEL_TABLE. Everything here
// has internal linkage and uses no library code, so that no function compiled for wide vectors can
// end up in code for narrow ones.

#include "classes/profit_kernels.hpp"

namespace espalier::solver {
namespace {

constexpr std::size_t kWord = 64;

/// One word of bits from up to 64 profits.
struct Marks {
  std::uint64_t above = 0;
  std::uint64_t not_below = 0;
  std::int64_t sum = 0;  ///< of those above
};

static inline __attribute__((always_inline)) Marks mark(const std::int64_t* profits,
                                                        std::size_t count, std::int64_t low,
                                                        std::int64_t high) {
  Marks marks;
  for (std::size_t j = 0; j < count; ++j) {
    // Arithmetic on the comparisons: given a choice, the compiler branches.
    const std::uint64_t is_above = profits[j] > high ? 1 : 0;
    const std::uint64_t is_not_below = profits[j] >= low ? 1 : 0;
    marks.above |= is_above << j;
    marks.not_below |= is_not_below << j;
    marks.sum += profits[j] & -static_cast<std::int64_t>(is_above);
  }
  return marks;
}

ProfitsAbove compare(const std::int64_t* profits, std::size_t count, std::int64_t low,
                     std::int64_t high, std::uint64_t* above, std::uint64_t* inside) {
  ProfitsAbove all;
  for (std::size_t at = 0; at < count; at += kWord) {
    const Marks marks = count - at >= kWord ? mark(profits + at, kWord, low, high)
                                            : mark(profits + at, count - at, low, high);
    *above++ = marks.above;
    *inside++ = marks.not_below & ~marks.above;
    all.count += __builtin_popcountll(marks.above);
    all.sum += marks.sum;
  }
  return all;
}

ProfitRange range(const std::int64_t* profits, std::size_t count) {
  std::uint64_t sum = 0;
  std::uint64_t magnitudes = 0;
  std::uint64_t bits = 0;
  std::int64_t least = INT64_MAX;
  std::int64_t greatest = INT64_MIN;
  for (std::size_t j = 0; j < count; ++j) {
    const std::int64_t p = profits[j];
    const auto value = static_cast<std::uint64_t>(p);
    const std::uint64_t magnitude = p < 0 ? std::uint64_t{0} - value : value;
    sum += magnitude;
    magnitudes |= magnitude;
    bits |= value;
    least = p < least ? p : least;
    greatest = p > greatest ? p : greatest;
  }
  return {sum, magnitudes, bits, least, greatest};
}

/// Of every byte: its bits that are set, in ascending order.
struct BytePositions {
  std::int32_t of[256][8] = {};

  constexpr BytePositions() {
    for (int byte = 0; byte < 256; ++byte) {
      int count = 0;
      for (int j = 0; j < 8; ++j) {
        if ((byte >> j & 1) != 0) of[byte][count++] = j;
      }
    }
  }
};

constexpr BytePositions kBytePositions;

std::int32_t* list_bits(const std::uint64_t* words, std::size_t count, std::int32_t base,
                        std::int32_t* next, std::int32_t* end) {
  for (std::size_t k = 0; k < count; ++k, base += static_cast<std::int32_t>(kWord)) {
    std::uint64_t word = words[k];
    if (end - next >= static_cast<std::ptrdiff_t>(kWord)) {
      // A byte at a time, without branches and with rubbish behind.
      for (std::int32_t at = base; at < base + static_cast<std::int32_t>(kWord);
           at += 8, word >>= 8) {
        const std::int32_t* const positions = kBytePositions.of[word & 0xff];
        for (int j = 0; j < 8; ++j) next[j] = at + positions[j];
        next += __builtin_popcountll(word & 0xff);
      }
      continue;
    }
    for (; word != 0; word &= word - 1) {
      if (next == end) return end + 1;
      *next++ = base + __builtin_ctzll(word);
    }
  }
  return next;
}

}  // namespace

const ProfitKernels ESPALIER_KERNEL_TABLE = {compare, range, list_bits};

}  // namespace espalier::solver
