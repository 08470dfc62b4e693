#include "search/tree_search.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <oneapi/tbb/enumerable_thread_specific.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_group.h>

#include "search/worker.hpp"

namespace espalier::solver {
namespace {

/// More threads than anybody asks for; every arena has its own limit.
constexpr std::size_t kMostThreads = 4096;

/// Tasks of the pool must be copyable; this owns a subtree until its task runs.
class SubtreeTask {
 public:
  SubtreeTask(std::unique_ptr<Subtree> subtree, std::function<void(const Subtree&)> run)
      : subtree_(std::move(subtree)), run_(std::move(run)) {}
  void operator()() const { run_(*subtree_); }

 private:
  std::shared_ptr<Subtree> subtree_;
  std::function<void(const Subtree&)> run_;
};

}  // namespace

std::int64_t search_tree(
    const LpModel& model, const SolveOptions& options, const GapRule& gap,
    const std::vector<RootSubproblem>& roots, Incumbent& incumbent, Limits& limits,
    const std::function<void(std::int64_t bound, std::int64_t open)>& heartbeat,
    Statistics& statistics) {
  // Without this, oneTBB refuses (and says so on stderr) more threads than the machine has cores.
  const tbb::global_control more_threads(tbb::global_control::max_allowed_parallelism,
                                         kMostThreads);
  tbb::task_arena arena(options.threads);
  tbb::task_group group;
  SearchContext context{.core = model.core,
                        .model = model,
                        .options = options,
                        .gap = gap,
                        .incumbent = incumbent,
                        .limits = limits,
                        .spawn = {},
                        .heartbeat = {}};
  context.wanted_waiting = options.threads > 1 ? options.threads : 0;
  tbb::enumerable_thread_specific<std::unique_ptr<Worker>> workers(
      [&context] { return std::make_unique<Worker>(context); });

  // Per root the pieces of its tree that wait or are being searched; 0 once it is done with.
  std::vector<std::atomic<int>> pieces(roots.size());
  for (auto& count : pieces) count.store(1, std::memory_order_relaxed);

  const auto run_subtree = [&](const Subtree& subtree) {
    context.waiting.fetch_sub(1, std::memory_order_relaxed);
    workers.local()->run(subtree);
    pieces[static_cast<std::size_t>(subtree.root)].fetch_sub(1, std::memory_order_relaxed);
  };
  context.spawn = [&](std::unique_ptr<Subtree> subtree) {
    pieces[static_cast<std::size_t>(subtree->root)].fetch_add(1, std::memory_order_relaxed);
    group.run(SubtreeTask(std::move(subtree), run_subtree));
  };
  context.heartbeat = [&] {
    if (!heartbeat) return;
    double bound = static_cast<double>(incumbent.value());
    for (std::size_t k = 0; k < roots.size(); ++k) {
      if (pieces[k].load(std::memory_order_relaxed) > 0) bound = std::max(bound, roots[k].bound);
    }
    heartbeat(static_cast<std::int64_t>(std::floor(bound)),
              context.waiting.load(std::memory_order_relaxed));
  };

  // Every task takes the next root in order, whichever task the pool chooses to run first.
  std::atomic<std::size_t> next_root{0};
  const auto run_root = [&] {
    const std::size_t index = next_root.fetch_add(1, std::memory_order_relaxed);
    context.waiting.fetch_sub(1, std::memory_order_relaxed);
    workers.local()->run(roots[index], static_cast<int>(index));
    pieces[index].fetch_sub(1, std::memory_order_relaxed);
  };
  context.waiting.store(static_cast<int>(roots.size()), std::memory_order_relaxed);
  arena.execute([&] {
    for (std::size_t k = 0; k < roots.size(); ++k) group.run(run_root);
    group.wait();
  });

  for (const auto& worker : workers) statistics += worker->statistics();
  return context.open_bound.load(std::memory_order_relaxed);
}

}  // namespace espalier::solver
