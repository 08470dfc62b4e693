#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace espalier {

/// Seeded generator with the same numbers on every machine and standard library.
///
/// xoshiro256** seeded by splitmix64 (Blackman and Vigna, "Scrambled linear pseudorandom number
/// generators", 2021). The standard library's distributions are not portable, so ours are here.
class Random {
 public:
  explicit Random(std::uint64_t seed) noexcept {
    for (auto& word : state_) {
      seed += 0x9e3779b97f4a7c15ULL;
      std::uint64_t z = seed;
      z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
      z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
      word = z ^ (z >> 31);
    }
  }

  /// 64 uniform bits.
  std::uint64_t bits() noexcept {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  /// Uniform integer in [low, high], both included; requires low <= high.
  std::int64_t integer(std::int64_t low, std::int64_t high) noexcept {
    const std::uint64_t range = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
    if (range == ~std::uint64_t{0}) return static_cast<std::int64_t>(bits());
    const std::uint64_t count = range + 1;
    const std::uint64_t limit = ~std::uint64_t{0} - (~std::uint64_t{0} % count + 1) % count;
    std::uint64_t draw = bits();
    while (draw > limit) draw = bits();
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + draw % count);
  }

  /// Uniform in [0, 1) with 53 bits.
  double uniform() noexcept { return static_cast<double>(bits() >> 11) * 0x1.0p-53; }

  /// Normal with mean 0 and variance 1 (Box and Muller 1958, the cosine branch only).
  double normal() noexcept {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(2.0 * std::numbers::pi * uniform());
  }

  bool chance(double probability) noexcept { return uniform() < probability; }

 private:
  std::uint64_t state_[4];
};

}  // namespace espalier
