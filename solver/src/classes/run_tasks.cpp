#include "classes/run_tasks.hpp"

#include <algorithm>
#include <thread>

#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

#include "espalier/support/handover.hpp"

namespace espalier::solver {

void run_tasks(int threads, std::size_t count, const std::function<void(std::size_t)>& task) {
  // More threads than cores would gain nothing, and oneTBB complains of them on stderr.
  const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  threads = std::min(threads, cores);
  if (threads <= 1 || count <= 1) {
    for (std::size_t k = 0; k < count; ++k) task(k);
    return;
  }
  oneapi::tbb::task_arena arena(threads);
  Handover handover;
  const auto run = [&handover, &task](std::size_t k) {
    handover.receive();
    task(k);
    handover.publish();
  };
  handover.publish();
  arena.execute([&] {
    oneapi::tbb::parallel_for(std::size_t{0}, count, run, oneapi::tbb::simple_partitioner());
  });
  handover.receive();
}

}  // namespace espalier::solver
