#include <algorithm>
#include <utility>

#include <oneapi/tbb/enumerable_thread_specific.h>
#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_group.h>

#include "espalier/support/handover.hpp"
#include "espalier/support/useful_threads.hpp"

#include "search/tree_search.hpp"
#include "search/worker.hpp"

namespace espalier::solver {
namespace {

class ParallelSearch : public TreeSearch {
 public:
  explicit ParallelSearch(SearchSetting setting)
      : threads_(useful_threads(setting.options.threads)),
        arena_(threads_),
        common_costs_(setting.model.core.num_items),
        context_{.core = setting.model.core,
                 .model = setting.model,
                 .options = setting.options,
                 .gap = setting.gap,
                 .incumbent = setting.incumbent,
                 .limits = setting.limits,
                 .spawn = [this](std::unique_ptr<Subtree> subtree) { spawn(std::move(subtree)); },
                 .heartbeat = [this] { beat(); },
                 .common_costs = threads_ > 1 ? &common_costs_ : nullptr,
                 .wanted_waiting = threads_ > 1 ? threads_ : 0},
        workers_([this] { return std::make_unique<Worker>(context_); }),
        heartbeat_(std::move(setting.heartbeat)) {}

  ~ParallelSearch() noexcept override {}  // a task_group may throw when it is left unwaited

  std::int64_t run(const std::vector<RootSubproblem>& roots, std::int64_t target) override {
    roots_ = &roots;
    next_root_.store(0, std::memory_order_relaxed);
    pieces_ = std::vector<std::atomic<int>>(roots.size());
    for (auto& count : pieces_) count.store(1, std::memory_order_relaxed);
    context_.target.store(target, std::memory_order_relaxed);
    context_.waiting.store(static_cast<int>(roots.size()), std::memory_order_relaxed);
    handover_.publish();
    arena_.execute([&] {
      for (std::size_t k = 0; k < roots.size(); ++k) group_.run([this] { run_root(); });
      group_.wait();
    });
    handover_.receive();
    return context_.open_bound.load(std::memory_order_relaxed);
  }

  Statistics statistics() const override {
    Statistics total;
    for (const auto& worker : workers_) total += worker->statistics();
    return total;
  }

 private:
  void run_root() {
    handover_.receive();
    // Every task takes the next root in order, whichever task the pool chooses to run first.
    const std::size_t index = next_root_.fetch_add(1, std::memory_order_relaxed);
    context_.waiting.fetch_sub(1, std::memory_order_relaxed);
    Worker& worker = *workers_.local();
    worker.begin((*roots_)[index], static_cast<int>(index));
    search(worker);
    pieces_[index].fetch_sub(1, std::memory_order_relaxed);
    handover_.publish();
  }

  /// An exception, an observer's for instance, leaves the other threads at work unless told.
  void search(Worker& worker) {
    try {
      worker.advance(kNoLimit);
    } catch (...) {
      context_.limits.cancel();
      throw;
    }
  }

  void run_subtree(std::unique_ptr<Subtree>& owner) {
    handover_.receive();
    std::unique_ptr<Subtree> subtree = std::move(owner);
    context_.waiting.fetch_sub(1, std::memory_order_relaxed);
    const auto root = static_cast<std::size_t>(subtree->root);
    Worker& worker = *workers_.local();
    worker.begin(std::move(subtree));
    search(worker);
    pieces_[root].fetch_sub(1, std::memory_order_relaxed);
    handover_.publish();
  }

  void spawn(std::unique_ptr<Subtree> subtree) {
    pieces_[static_cast<std::size_t>(subtree->root)].fetch_add(1, std::memory_order_relaxed);
    // Tasks must be copyable, hence the shared pointer around the owner.
    auto owner = std::make_shared<std::unique_ptr<Subtree>>(std::move(subtree));
    handover_.publish();
    group_.run([this, owner] { run_subtree(*owner); });
  }

  void beat() const {
    if (!heartbeat_) return;
    std::int64_t bound = context_.threshold() - 1;  // what is cut off may be as good as this
    for (std::size_t k = 0; k < roots_->size(); ++k) {
      if (pieces_[k].load(std::memory_order_relaxed) == 0) continue;
      bound = std::max(bound, floor_to_int64((*roots_)[k].bound));
    }
    heartbeat_(bound, context_.waiting.load(std::memory_order_relaxed));
  }

  int threads_;
  tbb::task_arena arena_;
  tbb::task_group group_;
  Handover handover_;
  CommonPseudoCosts common_costs_;
  SearchContext context_;
  tbb::enumerable_thread_specific<std::unique_ptr<Worker>> workers_;
  Heartbeat heartbeat_;
  const std::vector<RootSubproblem>* roots_ = nullptr;
  std::atomic<std::size_t> next_root_{0};
  /// Per root the pieces of its tree that wait or are being searched; 0 once it is done with.
  std::vector<std::atomic<int>> pieces_;
};

}  // namespace

std::unique_ptr<TreeSearch> make_parallel_search(SearchSetting setting) {
  return std::make_unique<ParallelSearch>(std::move(setting));
}

}  // namespace espalier::solver
