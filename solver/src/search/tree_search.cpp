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

}  // namespace

struct TreeSearch::Pool {
  Pool(const LpModel& model, const SolveOptions& options, const GapRule& gap, Incumbent& incumbent,
       Limits& limits, Heartbeat report)
      : more_threads(tbb::global_control::max_allowed_parallelism, kMostThreads),
        arena(options.threads),
        context{.core = model.core,
                .model = model,
                .options = options,
                .gap = gap,
                .incumbent = incumbent,
                .limits = limits,
                .spawn = [this](std::unique_ptr<Subtree> subtree) { spawn(std::move(subtree)); },
                .heartbeat = [this] { beat(); }},
        workers([this] { return std::make_unique<Worker>(context); }),
        heartbeat(std::move(report)) {
    context.wanted_waiting = options.threads > 1 ? options.threads : 0;
  }

  void run_root() {
    // Every task takes the next root in order, whichever task the pool chooses to run first.
    const std::size_t index = next_root.fetch_add(1, std::memory_order_relaxed);
    context.waiting.fetch_sub(1, std::memory_order_relaxed);
    workers.local()->run((*roots)[index], static_cast<int>(index));
    pieces[index].fetch_sub(1, std::memory_order_relaxed);
  }

  void run_subtree(const Subtree& subtree) {
    context.waiting.fetch_sub(1, std::memory_order_relaxed);
    workers.local()->run(subtree);
    pieces[static_cast<std::size_t>(subtree.root)].fetch_sub(1, std::memory_order_relaxed);
  }

  void spawn(std::unique_ptr<Subtree> subtree) {
    pieces[static_cast<std::size_t>(subtree->root)].fetch_add(1, std::memory_order_relaxed);
    // Tasks must be copyable, hence the shared pointer.
    group.run(
        [this, owned = std::shared_ptr<Subtree>(std::move(subtree))] { run_subtree(*owned); });
  }

  void beat() const {
    if (!heartbeat) return;
    auto bound =
        std::max(context.incumbent.value(), context.target.load(std::memory_order_relaxed) - 1);
    for (std::size_t k = 0; k < roots->size(); ++k) {
      if (pieces[k].load(std::memory_order_relaxed) == 0) continue;
      bound = std::max(bound, static_cast<std::int64_t>(std::floor((*roots)[k].bound)));
    }
    heartbeat(bound, context.waiting.load(std::memory_order_relaxed));
  }

  // Without this, oneTBB refuses (and says so on stderr) more threads than the machine has cores.
  tbb::global_control more_threads;
  tbb::task_arena arena;
  tbb::task_group group;
  SearchContext context;
  tbb::enumerable_thread_specific<std::unique_ptr<Worker>> workers;
  Heartbeat heartbeat;
  const std::vector<RootSubproblem>* roots = nullptr;
  std::atomic<std::size_t> next_root{0};
  /// Per root the pieces of its tree that wait or are being searched; 0 once it is done with.
  std::vector<std::atomic<int>> pieces;
};

TreeSearch::TreeSearch(const LpModel& model, const SolveOptions& options, const GapRule& gap,
                       Incumbent& incumbent, Limits& limits, Heartbeat heartbeat)
    : pool_(std::make_unique<Pool>(model, options, gap, incumbent, limits, std::move(heartbeat))) {}

TreeSearch::~TreeSearch() = default;

std::int64_t TreeSearch::run(const std::vector<RootSubproblem>& roots, std::int64_t target) {
  Pool& pool = *pool_;
  pool.roots = &roots;
  pool.next_root.store(0, std::memory_order_relaxed);
  pool.pieces = std::vector<std::atomic<int>>(roots.size());
  for (auto& count : pool.pieces) count.store(1, std::memory_order_relaxed);
  pool.context.target.store(target, std::memory_order_relaxed);
  pool.context.waiting.store(static_cast<int>(roots.size()), std::memory_order_relaxed);
  pool.arena.execute([&] {
    for (std::size_t k = 0; k < roots.size(); ++k) pool.group.run([&pool] { pool.run_root(); });
    pool.group.wait();
  });
  return pool.context.open_bound.load(std::memory_order_relaxed);
}

Statistics TreeSearch::statistics() const {
  Statistics total;
  for (const auto& worker : pool_->workers) total += worker->statistics();
  return total;
}

}  // namespace espalier::solver
