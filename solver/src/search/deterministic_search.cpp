#include <algorithm>
#include <deque>
#include <utility>

#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

#include "espalier/support/handover.hpp"
#include "espalier/support/useful_threads.hpp"

#include "search/tree_search.hpp"
#include "search/worker.hpp"

namespace espalier::solver {
namespace {

/// Workers, whatever the number of threads. More would serve more threads, and learn less each.
constexpr std::size_t kSlots = 16;
/// Nodes that a worker expands between two exchanges: milliseconds, against microseconds for the
/// exchange.
constexpr std::int64_t kQuantum = 1024;
/// Most exchanges of solutions from one exchange of pseudo-costs to the next, when those hardly
/// change any more.
constexpr std::int64_t kMostRounds = 4;

/// One worker with an incumbent of its own, so that it sees others' solutions only at exchanges.
struct Slot {
  explicit Slot(const SearchSetting& setting)
      : incumbent(setting.model.core, {}),
        context{.core = setting.model.core,
                .model = setting.model,
                .options = setting.options,
                .gap = setting.gap,
                .incumbent = incumbent,
                .limits = setting.limits,
                .spawn = {},
                .heartbeat = {}},
        worker(context) {}

  Incumbent incumbent;
  SearchContext context;
  Worker worker;
  bool is_busy = false;
};

class DeterministicSearch : public TreeSearch {
 public:
  explicit DeterministicSearch(SearchSetting setting)
      : setting_(std::move(setting)),
        arena_(useful_threads(setting_.options.threads)),
        common_costs_(setting_.model.core.num_items) {
    for (std::size_t k = 0; k < kSlots; ++k) slots_.emplace_back(setting_);
  }

  std::int64_t run(const std::vector<RootSubproblem>& roots, std::int64_t target) override {
    next_root_ = 0;
    for (Slot& slot : slots_) {
      slot.context.target.store(target, std::memory_order_relaxed);
      slot.is_busy = false;
    }
    exchange_solutions();
    while (hand_out(roots)) {
      handover_.publish();
      arena_.execute([this] {
        tbb::parallel_for(std::size_t{0}, kSlots, [this](std::size_t k) { advance(k); });
      });
      handover_.receive();
      exchange_solutions();
      exchange_costs();
      setting_.limits.poll(0, 0);
      if (setting_.heartbeat) report(roots, target);
    }
    std::int64_t open_bound = -1;
    for (const Slot& slot : slots_) {
      open_bound = std::max(open_bound, slot.context.open_bound.load(std::memory_order_relaxed));
    }
    return open_bound;
  }

  Statistics statistics() const override {
    Statistics total;
    for (const Slot& slot : slots_) total += slot.worker.statistics();
    return total;
  }

 private:
  void advance(std::size_t k) {
    handover_.receive();
    Slot& slot = slots_[k];
    if (slot.is_busy) slot.is_busy = !slot.worker.advance(kQuantum);
    handover_.publish();
  }

  /// Gives idle slots the next roots, then parts of the trees of the slots with most open nodes.
  /// False when no slot has anything to do.
  bool hand_out(const std::vector<RootSubproblem>& roots) {
    for (Slot& slot : slots_) {
      if (slot.is_busy) continue;
      if (next_root_ < roots.size()) {
        slot.worker.begin(roots[next_root_], static_cast<int>(next_root_));
        ++next_root_;
        slot.is_busy = true;
      } else if (auto subtree = take_from_richest()) {
        slot.worker.begin(std::move(subtree));
        slot.is_busy = true;
      }
    }
    return std::any_of(slots_.begin(), slots_.end(), [](const Slot& s) { return s.is_busy; });
  }

  std::unique_ptr<Subtree> take_from_richest() {
    Slot* richest = nullptr;
    for (Slot& slot : slots_) {
      if (!slot.is_busy) continue;
      if (richest == nullptr || slot.worker.num_open() > richest->worker.num_open()) {
        richest = &slot;
      }
    }
    return richest == nullptr ? nullptr : richest->worker.detach_shallowest();
  }

  /// The best solution of all slots, of the first one where several are equal, becomes everybody's.
  void exchange_solutions() {
    for (Slot& slot : slots_) {
      if (slot.incumbent.value() > setting_.incumbent.value()) {
        setting_.incumbent.offer(slot.incumbent.items(), 'T');
      }
    }
    const auto best = setting_.incumbent.items();
    for (Slot& slot : slots_) slot.incumbent.offer(best, 'T');
  }

  /// Collects what the slots have learned about the items, and tells all of them.
  void exchange_costs() {
    if (++rounds_ < next_exchange_) return;
    next_exchange_ = rounds_ + std::min(1 + rounds_ / 4, kMostRounds);
    for (Slot& slot : slots_) slot.worker.exchange_costs(common_costs_);
    for (Slot& slot : slots_) slot.worker.exchange_costs(common_costs_);
  }

  void report(const std::vector<RootSubproblem>& roots, std::int64_t target) {
    // What is cut off may be as good as this.
    const std::int64_t wanted = setting_.gap.least_wanted(setting_.incumbent.value());
    std::int64_t bound = std::max(wanted, target) - 1;
    // Roots are handed out by falling bound; a subtree's bound is at most its root's.
    if (!roots.empty()) {
      bound = std::max(bound, floor_to_int64(roots.front().bound));
    }
    setting_.heartbeat(bound, static_cast<std::int64_t>(roots.size() - next_root_));
  }

  SearchSetting setting_;
  tbb::task_arena arena_;
  Handover handover_;
  std::deque<Slot> slots_;
  std::size_t next_root_ = 0;
  PseudoCosts common_costs_;
  std::int64_t rounds_ = 0;         // of advances, in all runs
  std::int64_t next_exchange_ = 0;  // of pseudo-costs, in rounds
};

}  // namespace

std::unique_ptr<TreeSearch> make_deterministic_search(SearchSetting setting) {
  return std::make_unique<DeterministicSearch>(std::move(setting));
}

}  // namespace espalier::solver
