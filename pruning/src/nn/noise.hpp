#pragma once

#include <cstdint>

namespace espalier::pruning::nn {

/// The finaliser of splitmix64 (Steele, Lea, Flood 2014): neighbouring inputs give unrelated
/// outputs. Noise that is a function of a position needs no state and no order of drawing.
constexpr std::uint64_t mix_noise(std::uint64_t z) noexcept {
  z += 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

}  // namespace espalier::pruning::nn
