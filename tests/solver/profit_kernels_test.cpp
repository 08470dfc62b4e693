// The passes over profits of every instruction set that this processor has, against plain loops.

#include "classes/profit_kernels.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/support/random.hpp"

namespace {

using namespace espalier::solver;
using espalier::Random;

std::vector<std::int64_t> random_profits(Random& random) {
  const std::int64_t size = random.chance(0.5) ? 10 : std::int64_t{1} << 40;
  std::vector<std::int64_t> profits(static_cast<std::size_t>(random.integer(0, 300)));
  for (auto& p : profits) p = random.integer(-size, size);
  return profits;
}

}  // namespace

TEST_CASE("every instruction set tells the same of profits", "[profit_kernels][property]") {
  Random random(1);
  for (const ProfitKernels* kernels : supported_profit_kernels()) {
    for (int trial = 0; trial < 300; ++trial) {
      const auto profits = random_profits(random);
      const std::int64_t low = profits.empty() ? 0 : profits[profits.size() / 2];
      const std::int64_t high = low + random.integer(0, 3);
      const std::size_t words = (profits.size() + 63) / 64;
      std::vector<std::uint64_t> above(words);
      std::vector<std::uint64_t> inside(words);
      const ProfitsAbove all =
          kernels->compare(profits.data(), profits.size(), low, high, above.data(), inside.data());
      const ProfitRange range = kernels->range(profits.data(), profits.size());
      ProfitsAbove expected;
      ProfitRange expected_range;
      std::vector<std::uint64_t> expected_above(words);
      std::vector<std::uint64_t> expected_inside(words);
      std::vector<std::int32_t> positions;
      for (std::size_t j = 0; j < profits.size(); ++j) {
        const std::int64_t p = profits[j];
        const auto magnitude = static_cast<std::uint64_t>(p < 0 ? -p : p);
        expected_range.sum += magnitude;
        expected_range.magnitudes |= magnitude;
        expected_range.bits |= static_cast<std::uint64_t>(p);
        expected_range.least = std::min(expected_range.least, p);
        expected_range.greatest = std::max(expected_range.greatest, p);
        const std::uint64_t bit = std::uint64_t{1} << (j % 64);
        if (p >= low && p <= high) expected_inside[j / 64] |= bit;
        if (p <= high) continue;
        expected_above[j / 64] |= bit;
        ++expected.count;
        expected.sum += p;
        positions.push_back(static_cast<std::int32_t>(7 + j));
      }
      CHECK(all.count == expected.count);
      CHECK(all.sum == expected.sum);
      CHECK(above == expected_above);
      CHECK(inside == expected_inside);
      CHECK(range.sum == expected_range.sum);
      CHECK(range.magnitudes == expected_range.magnitudes);
      CHECK(range.bits == expected_range.bits);
      CHECK(range.least == expected_range.least);
      CHECK(range.greatest == expected_range.greatest);
      std::vector<std::int32_t> listed(positions.size());
      std::int32_t* const end = listed.data() + listed.size();
      CHECK(kernels->list_bits(above.data(), words, 7, listed.data(), end) == end);
      CHECK(listed == positions);
      if (listed.empty()) continue;
      CHECK(kernels->list_bits(above.data(), words, 7, listed.data(), end - 1) == end);
    }
  }
}
