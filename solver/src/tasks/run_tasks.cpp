#include "tasks/run_tasks.hpp"

#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

#include "espalier/support/handover.hpp"
#include "espalier/support/useful_threads.hpp"

namespace espalier::solver {

void run_tasks(int threads, std::size_t count, const std::function<void(std::size_t)>& task) {
  threads = useful_threads(threads);
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
