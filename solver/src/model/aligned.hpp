#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>

namespace espalier::solver {

/// One cache line and one AVX-512 vector.
inline constexpr std::size_t kAlignment = 64;

constexpr std::size_t round_up(std::size_t value, std::size_t multiple) noexcept {
  return (value + multiple - 1) / multiple * multiple;
}

struct AlignedFree {
  void operator()(void* memory) const noexcept { std::free(memory); }
};

/// Owning array of plain values that starts on a cache line; contents are not initialised.
template <typename T>
using AlignedArray = std::unique_ptr<T[], AlignedFree>;

template <typename T>
AlignedArray<T> make_aligned(std::size_t count) {
  void* memory = std::aligned_alloc(kAlignment, round_up(count * sizeof(T) + 1, kAlignment));
  if (memory == nullptr) throw std::bad_alloc();
  return AlignedArray<T>(static_cast<T*>(memory));
}

}  // namespace espalier::solver
