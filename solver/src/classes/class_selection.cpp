#include "classes/class_selection.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <numeric>

#include "espalier/support/check.hpp"
#include "espalier/support/exact.hpp"

#include "classes/profit_kernels.hpp"
#include "tasks/run_tasks.hpp"

namespace espalier::solver {
namespace {

constexpr std::size_t kChunk = std::size_t{1} << 16;

/// Where the selection of a class ends: every item of more than `value` is taken, and so many of
/// those of exactly `value`.
struct Cut {
  std::int64_t value = kInt64Max;
  std::int64_t ties = 0;
};

/// The cut after the `count` best of the profits.
Cut cut_after(std::vector<std::int64_t> profits, std::int64_t count) {
  if (count == 0) return {};
  const auto last = profits.begin() + (count - 1);
  std::nth_element(profits.begin(), last, profits.end(), std::greater<>());
  const std::int64_t value = *last;
  return {value, std::count(profits.begin(), last + 1, value)};
}

/// The same from a curve, if it knows the place.
bool cut_in_curve(const ClassCurve& curve, std::int64_t count, Cut& cut) {
  const std::int64_t taken = count - curve.above;
  if (taken < 0 || taken > static_cast<std::int64_t>(curve.values.size()) || curve.values.empty()) {
    return false;
  }
  if (taken == 0) {
    cut = {curve.values.front(), 0};
    return true;
  }
  const std::int64_t value = curve.values[static_cast<std::size_t>(taken) - 1];
  const auto first =
      std::lower_bound(curve.values.begin(), curve.values.end(), value, std::greater<>());
  cut = {value, taken - (first - curve.values.begin())};
  return true;
}

/// A class whose items are all free, cut into pieces for the threads.
struct Piece {
  std::size_t c = 0;
  std::size_t begin = 0, end = 0;  ///< positions; not used where something is collected
  const CollectedItems::Piece* collected = nullptr;
  std::int64_t greater = 0;      ///< items of more than the cut's value
  std::int64_t equal = 0;        ///< and of exactly that
  std::int64_t ties_before = 0;  ///< equal items of earlier pieces
  std::int64_t first = 0;        ///< where its items go in the selection
  std::int64_t objective = 0;
};

class Selector {
 public:
  Selector(const ClassedProblem& problem, int threads,
           std::vector<std::vector<std::int32_t>> memory)
      : problem_(problem), threads_(threads) {
    selection_.items = std::move(memory);
    selection_.items.resize(problem.classes().size());
    cuts_.resize(problem.classes().size());
  }

  void take_by_cut(std::size_t c, const Cut& cut, std::int64_t count) {
    selection_.items[c].resize(static_cast<std::size_t>(count));
    if (count == 0) return;
    cuts_[c] = cut;
    const std::size_t size = problem_.classes()[c].profits.size();
    for (std::size_t begin = 0; begin < size; begin += kChunk) {
      Piece piece;
      piece.c = c;
      piece.begin = begin;
      piece.end = std::min(size, begin + kChunk);
      pieces_.push_back(piece);
    }
  }

  /// The same without looking at the profits again; the cut lies in the window.
  void take_collected(std::size_t c, const Cut& cut, std::int64_t count,
                      const CollectedItems& collected) {
    selection_.items[c].resize(static_cast<std::size_t>(count));
    if (count == 0) return;
    cuts_[c] = cut;
    for (const CollectedItems::Piece& of : collected.pieces) {
      Piece piece;
      piece.c = c;
      piece.collected = &of;
      pieces_.push_back(piece);
    }
  }

  /// Classes with fixed items: one by one, with flags.
  void take_with_fixed(std::size_t c, std::int64_t count) {
    const ItemClass& klass = problem_.classes()[c];
    selection_.items[c].clear();
    enum : std::uint8_t { kFree, kAlways, kNever };
    std::vector<std::uint8_t> state(klass.profits.size(), kFree);
    for (const auto j : klass.always) state[static_cast<std::size_t>(j)] = kAlways;
    for (const auto j : klass.never) state[static_cast<std::size_t>(j)] = kNever;
    std::vector<std::int64_t> free;
    for (std::size_t j = 0; j < state.size(); ++j) {
      if (state[j] == kFree) free.push_back(klass.profits[j]);
    }
    Cut cut = cut_after(std::move(free), count - static_cast<std::int64_t>(klass.always.size()));
    for (std::size_t j = 0; j < state.size(); ++j) {
      const std::int64_t p = klass.profits[j];
      bool is_taken = state[j] == kAlways;
      if (state[j] == kFree) is_taken = p > cut.value || (p == cut.value && cut.ties-- > 0);
      if (!is_taken) continue;
      selection_.items[c].push_back(static_cast<std::int32_t>(j));
      selection_.objective += p;
    }
  }

  ClassSelection finish() {
    run_tasks(threads_, pieces_.size(), [this](std::size_t k) { count(pieces_[k]); });
    for (std::size_t k = 1; k < pieces_.size(); ++k) {
      const Piece& before = pieces_[k - 1];
      if (before.c != pieces_[k].c) continue;
      pieces_[k].ties_before = before.ties_before + before.equal;
      pieces_[k].first = before.first + before.greater + ties_taken(before);
    }
    run_tasks(threads_, pieces_.size(), [this](std::size_t k) { fill(pieces_[k]); });
    for (const Piece& piece : pieces_) selection_.objective += piece.objective;
    return std::move(selection_);
  }

 private:
  std::int64_t ties_taken(const Piece& piece) const {
    return std::clamp<std::int64_t>(cuts_[piece.c].ties - piece.ties_before, 0, piece.equal);
  }

  /// The profits that decide between taken and not.
  std::span<const std::int64_t> profits(const Piece& piece) const {
    if (piece.collected != nullptr) return piece.collected->values;
    return std::span(problem_.classes()[piece.c].profits)
        .subspan(piece.begin, piece.end - piece.begin);
  }

  void count(Piece& piece) const {
    const std::int64_t value = cuts_[piece.c].value;
    std::int64_t greater = 0;
    std::int64_t equal = 0;
    if (piece.collected != nullptr) {
      greater = piece.collected->num_above;
    }
    for (const std::int64_t p : profits(piece)) {
      greater += p > value ? 1 : 0;
      equal += p == value ? 1 : 0;
    }
    piece.greater = greater;
    piece.equal = equal;
  }

  void fill(Piece& piece) {
    if (piece.collected != nullptr) {
      merge(piece);
    } else {
      filter(piece);
    }
  }

  /// Lists the items above the window and the chosen ones inside it, by position.
  void merge(Piece& piece) {
    const Cut& cut = cuts_[piece.c];
    const CollectedItems::Piece& collected = *piece.collected;
    std::int64_t ties = ties_taken(piece);
    piece.objective = collected.above_sum;
    std::array<std::uint64_t, CollectedItems::kStretch / 64> taken;
    std::copy(collected.above.begin(), collected.above.end(), taken.begin());
    for (std::size_t k = 0; k < collected.values.size(); ++k) {
      const std::int64_t p = collected.values[k];
      if (p < cut.value || (p == cut.value && ties == 0)) continue;
      if (p == cut.value) --ties;
      piece.objective += p;
      const auto place = static_cast<std::size_t>(collected.positions[k] - collected.begin);
      taken[place / 64] |= std::uint64_t{1} << (place % 64);
    }
    std::int32_t* const next = selection_.items[piece.c].data() + piece.first;
    std::int32_t* const end = next + piece.greater + ties_taken(piece);
    ESPALIER_CHECK(profit_kernels().list_bits(taken.data(), collected.above.size(), collected.begin,
                                              next, end) == end);
  }

  /// Lists the chosen items of a stretch of profits.
  void filter(Piece& piece) {
    const std::int64_t value = cuts_[piece.c].value;
    std::int64_t ties = ties_taken(piece);
    auto& items = selection_.items[piece.c];
    std::int32_t block[1024];
    auto next = items.begin() + piece.first;
    auto position = static_cast<std::int32_t>(piece.begin);
    std::int64_t objective = 0;
    const auto all = profits(piece);
    for (std::size_t begin = 0; begin < all.size(); begin += std::size(block)) {
      std::size_t kept = 0;
      for (const std::int64_t p :
           all.subspan(begin, std::min(std::size(block), all.size() - begin))) {
        const bool is_tie = p == value && ties > 0;
        const bool is_taken = p > value || is_tie;
        ties -= is_tie ? 1 : 0;
        objective += is_taken ? p : 0;
        block[kept] = position++;
        kept += is_taken ? 1 : 0;
      }
      next = std::copy_n(block, kept, next);
    }
    piece.objective = objective;
    ESPALIER_CHECK(next - items.begin() == piece.first + piece.greater + ties_taken(piece));
  }

  const ClassedProblem& problem_;
  int threads_;
  ClassSelection selection_;
  std::vector<Cut> cuts_;
  std::vector<Piece> pieces_;
};

}  // namespace

ClassSelection select_best(const ClassedProblem& problem, const OpenClasses& open,
                           const ClassWindows* windows, std::span<const std::int64_t> counts,
                           int threads, std::vector<std::vector<std::int32_t>> memory) {
  const auto classes = problem.classes();
  constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::vector<std::size_t> window_of(classes.size(), kNone);
  for (std::size_t k = 0; windows != nullptr && k < open.open().size(); ++k) {
    const OpenClass& of = open.open()[k];
    // A window counts candidates; it is of no use where some items were decided before.
    if (of.has_all_items) window_of[of.class_index] = k;
  }
  Selector selector(problem, threads, std::move(memory));
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const ItemClass& klass = classes[c];
    if (!klass.always.empty() || !klass.never.empty()) {
      selector.take_with_fixed(c, counts[c]);
      continue;
    }
    Cut cut;
    const std::size_t k = window_of[c];
    if (k == kNone || !cut_in_curve(windows->curves()[k], counts[c], cut)) {
      selector.take_by_cut(c, cut_after(klass.profits, counts[c]), counts[c]);
      continue;
    }
    const CollectedItems& collected = windows->collected(k);
    ESPALIER_CHECK(cut.value >= collected.low && cut.value <= collected.high);
    selector.take_collected(c, cut, counts[c], collected);
  }
  return selector.finish();
}

}  // namespace espalier::solver
