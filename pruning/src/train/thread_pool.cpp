#include "train/thread_pool.hpp"

#include <algorithm>

#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/partitioner.h>
#include <tbb/task_arena.h>

#include "espalier/support/handover.hpp"

namespace espalier::pruning::nn {

struct ThreadPool::Arena {
  explicit Arena(int threads) : arena(threads) {}
  tbb::task_arena arena;
};

ThreadPool::ThreadPool(int threads) : threads_(std::max(threads, 1)) {
  // oneTBB gives no more workers than this, and would print a warning about it.
  const std::size_t limit =
      tbb::global_control::active_value(tbb::global_control::max_allowed_parallelism);
  if (limit < static_cast<std::size_t>(threads_)) threads_ = static_cast<int>(limit);
  if (threads_ > 1) arena_ = std::make_unique<Arena>(threads_);
}

ThreadPool::~ThreadPool() = default;

void ThreadPool::run(std::size_t count, Call call, const void* context) {
  if (arena_ == nullptr || count <= 1) {
    for (std::size_t i = 0; i < count; ++i) call(context, i, 0);
    return;
  }
  Handover handover;
  const auto body = [&](std::size_t i) {
    handover.receive();
    const int slot = tbb::this_task_arena::current_thread_index();
    call(context, i, static_cast<std::size_t>(slot));
    handover.publish();
  };
  arena_->arena.execute([&] {
    handover.publish();
    tbb::parallel_for(std::size_t{0}, count, body, tbb::simple_partitioner());
  });
  handover.receive();
}

}  // namespace espalier::pruning::nn
