#include "classes/radix_sort.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <memory>

namespace espalier::solver {
namespace {

constexpr int kDigitBits = 11;
constexpr std::size_t kBuckets = std::size_t{1} << kDigitBits;
constexpr int kDigits = 6;  // 66 bits
/// Below this comparing is faster than counting.
constexpr std::size_t kLeastSize = 2048;

std::size_t digit(std::int64_t value, int d) {
  return (static_cast<std::uint64_t>(value) >> (d * kDigitBits)) & (kBuckets - 1);
}

}  // namespace

void sort_falling(std::vector<std::int64_t>& values) {
  if (std::is_sorted(values.begin(), values.end(), std::greater<>())) return;
  if (values.size() < kLeastSize) {
    std::sort(values.begin(), values.end(), std::greater<>());
    return;
  }
  auto counts = std::make_unique<std::array<std::array<std::size_t, kBuckets>, kDigits>>();
  for (auto& of_digit : *counts) of_digit.fill(0);
  for (const std::int64_t value : values) {
    for (int d = 0; d < kDigits; ++d) ++(*counts)[static_cast<std::size_t>(d)][digit(value, d)];
  }
  std::vector<std::int64_t> other(values.size());
  for (int d = 0; d < kDigits; ++d) {
    auto& places = (*counts)[static_cast<std::size_t>(d)];
    if (places[digit(values.front(), d)] == values.size()) continue;  // the same everywhere
    std::size_t place = 0;
    for (std::size_t bucket = kBuckets; bucket-- > 0;) {
      const std::size_t count = places[bucket];
      places[bucket] = place;
      place += count;
    }
    for (const std::int64_t value : values) other[places[digit(value, d)]++] = value;
    values.swap(other);
  }
}

}  // namespace espalier::solver
