#pragma once

#include <cstddef>
#include <vector>

#include "model/aligned.hpp"

namespace espalier::solver {

/// Memory for what a depth-first search keeps per level: allocated upwards, released downwards.
///
/// Grows by chunks that never move, so pointers stay valid until their level is released.
class StackArena {
 public:
  struct Mark {
    std::size_t chunk = 0;
    std::size_t used = 0;
  };

  /// Aligned to a cache line, contents undefined.
  template <typename T>
  T* allocate(std::size_t count) {
    return static_cast<T*>(allocate_bytes(round_up(count * sizeof(T), kAlignment)));
  }

  Mark mark() const noexcept { return {current_, used_}; }

  /// Frees everything allocated since the mark was taken; the chunks are kept for reuse.
  void release(Mark mark) noexcept {
    current_ = mark.chunk;
    used_ = mark.used;
  }

  std::size_t reserved_bytes() const noexcept { return reserved_; }

 private:
  static constexpr std::size_t kChunkBytes = std::size_t{1} << 20;

  struct Chunk {
    AlignedArray<std::byte> memory;
    std::size_t size = 0;
  };

  void* allocate_bytes(std::size_t bytes) {
    while (current_ < chunks_.size() && used_ + bytes > chunks_[current_].size) {
      ++current_;
      used_ = 0;
    }
    if (current_ == chunks_.size()) {
      const std::size_t size = bytes > kChunkBytes ? bytes : kChunkBytes;
      chunks_.push_back({make_aligned<std::byte>(size), size});
      reserved_ += size;
      used_ = 0;
    }
    void* memory = chunks_[current_].memory.get() + used_;
    used_ += bytes;
    return memory;
  }

  std::vector<Chunk> chunks_;
  std::size_t current_ = 0;
  std::size_t used_ = 0;
  std::size_t reserved_ = 0;
};

}  // namespace espalier::solver
