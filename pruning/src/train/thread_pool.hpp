#pragma once

#include <cstddef>
#include <memory>

namespace espalier::pruning::nn {

/// A oneTBB arena of a given size, or of the machine's if that is smaller. One thread runs
/// everything in the caller, without oneTBB.
class ThreadPool {
 public:
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int num_threads() const noexcept { return threads_; }

  /// Calls body(index, slot) for every index in [0, count) and waits. Two calls that run at the
  /// same time have different slots in [0, num_threads()). Not to be nested.
  template <typename Body>
  void for_each(std::size_t count, const Body& body) {
    run(
        count,
        [](const void* context, std::size_t index, std::size_t slot) {
          (*static_cast<const Body*>(context))(index, slot);
        },
        &body);
  }

  /// Calls body(begin, end) for consecutive blocks of `block` values that cover [0, size).
  template <typename Body>
  void for_each_block(std::size_t size, std::size_t block, const Body& body) {
    for_each((size + block - 1) / block, [&](std::size_t index, std::size_t) {
      const std::size_t begin = index * block;
      body(begin, begin + block < size ? begin + block : size);
    });
  }

 private:
  using Call = void (*)(const void* context, std::size_t index, std::size_t slot);
  void run(std::size_t count, Call call, const void* context);

  struct Arena;
  int threads_;
  std::unique_ptr<Arena> arena_;
};

}  // namespace espalier::pruning::nn
