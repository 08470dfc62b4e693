#include "classes/plain_classes.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <utility>

#include "espalier/solver/classes.hpp"
#include "espalier/solver/frontier.hpp"
#include "espalier/support/check.hpp"
#include "espalier/support/error.hpp"

namespace espalier::solver {
namespace {

// Classes pay where there are many items in few of them. Below these limits the general search is
// about as fast or faster; measured with `bench_classes_large plain`, table in bench/README.md.
constexpr int kLeastItems = 100;
constexpr int kLeastItemsPerClass = 12;

/// Items whose columns are hashed together, row by row.
constexpr std::size_t kBlock = 1024;

std::uint64_t mixed(std::uint64_t hash) {
  hash ^= hash >> 29;
  hash *= 0xbf58476d1ce4e5b9ULL;
  return hash ^ (hash >> 32);
}

/// Open hash table from column hashes to classes.
class ClassTable {
 public:
  ClassTable(const Problem& problem, std::size_t max_classes)
      : problem_(problem), max_classes_(max_classes), slots_(std::bit_ceil(4 * max_classes + 4)) {}

  /// Class of the item, a new one where its column is new; -1 when there are too many.
  std::int32_t find(std::uint64_t hash, std::int32_t item) {
    std::size_t place = mixed(hash) & (slots_.size() - 1);
    while (slots_[place].class_index >= 0) {
      const Slot& slot = slots_[place];
      if (slot.hash == hash &&
          has_column_of(item, representatives_[static_cast<std::size_t>(slot.class_index)])) {
        return slot.class_index;
      }
      place = (place + 1) & (slots_.size() - 1);
    }
    if (representatives_.size() == max_classes_) return -1;
    slots_[place] = {hash, static_cast<std::int32_t>(representatives_.size())};
    representatives_.push_back(item);
    return slots_[place].class_index;
  }

  std::vector<std::int32_t> take_representatives() { return std::move(representatives_); }

 private:
  struct Slot {
    std::uint64_t hash = 0;
    std::int32_t class_index = -1;
  };

  bool has_column_of(std::int32_t a, std::int32_t b) const {
    for (int i = 0; i < problem_.num_rows(); ++i) {
      if (problem_.weight(i, a) != problem_.weight(i, b)) return false;
    }
    return true;
  }

  const Problem& problem_;
  std::size_t max_classes_;
  std::vector<Slot> slots_;
  std::vector<std::int32_t> representatives_;
};

ClassedItems regroup(const Problem& problem, const ItemGrouping& grouping) {
  std::vector<ItemClass> classes(grouping.representative.size());
  std::vector<std::vector<std::int32_t>> items(classes.size());
  std::vector<std::size_t> sizes(classes.size(), 0);
  for (const auto c : grouping.class_of) ++sizes[static_cast<std::size_t>(c)];
  for (std::size_t c = 0; c < classes.size(); ++c) {
    for (int i = 0; i < problem.num_rows(); ++i) {
      classes[c].weights.push_back(problem.weight(i, grouping.representative[c]));
    }
    classes[c].profits.reserve(sizes[c]);
    items[c].reserve(sizes[c]);
  }
  const auto profits = problem.profits();
  for (std::size_t j = 0; j < profits.size(); ++j) {
    const auto c = static_cast<std::size_t>(grouping.class_of[j]);
    classes[c].profits.push_back(profits[j]);
    items[c].push_back(static_cast<std::int32_t>(j));
  }
  return {ClassedProblem(std::move(classes),
                         {problem.capacities().begin(), problem.capacities().end()}),
          std::move(items)};
}

Result in_plain_terms(const Problem& problem, const ClassedResult& classed,
                      const std::vector<std::vector<std::int32_t>>& items) {
  Result result;
  result.status = classed.status;
  result.stop_reason = classed.stop_reason;
  result.objective = classed.objective;
  result.bound = classed.bound;
  std::vector<std::uint8_t> is_selected(static_cast<std::size_t>(problem.num_items()), 0);
  for (std::size_t c = 0; c < classed.selected.size(); ++c) {
    for (const auto position : classed.selected[c]) {
      is_selected[static_cast<std::size_t>(items[c][static_cast<std::size_t>(position)])] = 1;
    }
  }
  for (std::size_t j = 0; j < is_selected.size(); ++j) {
    if (is_selected[j] != 0) result.selected.push_back(static_cast<std::int32_t>(j));
  }
  Statistics& statistics = result.statistics;
  statistics.nodes = classed.statistics.general_nodes;
  statistics.lp_iterations = classed.statistics.pivots;
  statistics.root_lp_bound = classed.statistics.lp_bound;
  statistics.root_bound_after_cuts = classed.statistics.lp_bound;
  statistics.root_seconds = classed.statistics.lp_seconds;
  statistics.incumbents = result.status == Status::kInfeasible ? 0 : 1;
  return result;
}

}  // namespace

std::optional<ItemGrouping> group_items(const Problem& problem, std::size_t max_classes) {
  ItemGrouping grouping;
  ClassTable table(problem, max_classes);
  const auto items = static_cast<std::size_t>(problem.num_items());
  grouping.class_of.reserve(std::min(items, kBlock));
  std::array<std::uint64_t, kBlock> hashes;
  for (std::size_t begin = 0; begin < items; begin += kBlock) {
    const std::size_t count = std::min(kBlock, items - begin);
    hashes.fill(0);
    std::int64_t least = 0;
    for (int i = 0; i < problem.num_rows(); ++i) {
      const auto weights = problem.row(i).subspan(begin, count);
      for (std::size_t k = 0; k < count; ++k) {
        hashes[k] = (hashes[k] + static_cast<std::uint64_t>(weights[k])) * 0x9e3779b97f4a7c15ULL;
        least = std::min(least, weights[k]);
      }
    }
    if (least < 0) return std::nullopt;
    if (begin == kBlock) grouping.class_of.reserve(items);
    for (std::size_t k = 0; k < count; ++k) {
      const auto c = table.find(hashes[k], static_cast<std::int32_t>(begin + k));
      if (c < 0) return std::nullopt;
      grouping.class_of.push_back(c);
    }
  }
  grouping.representative = table.take_representatives();
  return grouping;
}

ClassedItems group_into_classes(const Problem& problem) {
  const auto grouping = group_items(problem, static_cast<std::size_t>(problem.num_items()));
  if (!grouping) {
    throw Error("an item has a negative weight; expected weights >= 0 to group items by");
  }
  return regroup(problem, *grouping);
}

std::optional<Result> solve_by_classes(const Problem& problem, const SolveOptions& options,
                                       Observer* observer) {
  if (problem.num_items() < kLeastItems) return std::nullopt;
  const auto begin = std::chrono::steady_clock::now();
  const auto seconds = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  const auto grouping =
      group_items(problem, static_cast<std::size_t>(problem.num_items() / kLeastItemsPerClass));
  if (!grouping) return std::nullopt;
  const ClassedItems regrouped = regroup(problem, *grouping);
  SolveOptions left = options;
  left.time_limit_seconds = std::max(0.0, options.time_limit_seconds - seconds());
  Result result = in_plain_terms(problem, solve_classed(regrouped.problem, left), regrouped.items);
  result.statistics.seconds = seconds();
  if (result.status == Status::kInfeasible) return result;
  ESPALIER_CHECK(is_feasible(problem, result.selected));
  ESPALIER_CHECK(objective_of(problem, result.selected) == result.objective);
  if (observer != nullptr) {
    observer->on_incumbent({result.statistics.seconds, result.objective, result.bound, 'C',
                            result.selected, result.statistics.nodes});
  }
  return result;
}

}  // namespace espalier::solver
