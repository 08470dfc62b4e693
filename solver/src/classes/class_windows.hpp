#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "espalier/support/exact.hpp"
#include "espalier/support/random.hpp"

#include "classes/class_curve.hpp"
#include "classes/class_lp.hpp"
#include "classes/class_samples.hpp"
#include "classes/collected_items.hpp"
#include "classes/count_solver.hpp"
#include "classes/open_classes.hpp"

namespace espalier::solver {

/// The few profits of each class around its threshold, in falling order, found without sorting the
/// rest.
///
/// A random sample of each class stands for the class; the LP over the samples says where the
/// thresholds will about be; one pass over the profits counts what lies above and collects what
/// lies within a few standard deviations of that place. The same again on what was collected, until
/// it is cheaper to sort than to sample. The LP over the sorted windows is then the LP over
/// everything, as long as its thresholds lie inside the windows; a window that proves too narrow is
/// collected again, eight times as wide.
///
/// When profits have changed, the windows are narrower, as far as the samples tell what has moved,
/// and memory is used again; where few have changed, the windows are brought up to date.
class ClassWindows final : public CurveSource {
 public:
  /// `open` must outlive the windows.
  ClassWindows(const OpenClasses& open, int threads);

  /// Collects the windows and returns the minimum of the dual, which is expected near these
  /// multipliers; empty: nothing is known of it.
  LpPoint narrow(std::span<const double> expected);

  /// The same after a call of narrow() or narrow_again() whose minimum was `last`. Floors and
  /// capacities may be others; the open classes are the same ones. `is_replaced` tells of each
  /// whether any profit may be another; else only those are that change() was told of since.
  LpPoint narrow_again(const LpPoint& last, std::span<const std::uint8_t> is_replaced);

  /// The candidate at `position` of an open class had the profit `before` and has `now`.
  void change(std::size_t k, std::int32_t position, std::int64_t before, std::int64_t now);

  void use_threads(int threads) noexcept { threads_ = threads; }

  /// Collects the windows of these classes again, wider, and returns the new minimum.
  LpPoint widen(std::span<const std::size_t> classes, LpPoint point) override;

  /// One curve per open class; valid until the next call of the above.
  std::span<const ClassCurve> curves() const override { return curves_; }
  /// What the last pass over the candidates of an open class has noted.
  const CollectedItems& collected(std::size_t k) const noexcept { return windows_[k].collected; }
  /// Items of all windows that were sorted since narrow() or narrow_again() began.
  std::int64_t sorted_items() const noexcept { return sorted_items_; }
  std::int64_t widenings() const noexcept { return widenings_; }

 private:
  struct Window {
    std::int64_t low = 1, high = kInt64Max;  ///< profits in [low, high] belong to the window
    std::int64_t above = 0;                  ///< items of more than `high`
    bool is_collected = false;
    std::vector<std::int64_t> values;
    CollectedItems collected;
    std::vector<std::int64_t> gone, come;  ///< of `values`, by changes
    int widenings = 0;

    bool has(std::int64_t profit) const noexcept { return profit >= low && profit <= high; }
    /// Takes in everything and holds nothing yet.
    void open() {
      low = 1;
      high = kInt64Max;
      above = 0;
      is_collected = false;
      values.clear();
      gone.clear();
      come.clear();
    }
  };

  std::span<const std::int64_t> population(std::size_t k) const;
  ClassCurve curve(std::size_t k, std::span<const std::int64_t> values, double unit) const;
  void begin(std::size_t classes);
  void settle_changes(std::size_t k);
  LpPoint shrink_and_sort(LpPoint point);
  LpPoint shrink(LpPoint point, std::size_t sample_total);
  void aim(Window& window, const ClassCurve& sample, std::span<const double> multipliers,
           double deviation, double margin_factor = 1.0) const;
  void collect(std::span<const std::size_t> classes);
  void filter(std::size_t k);
  void sort_windows(std::span<const std::size_t> classes);
  std::vector<std::size_t> too_narrow(const LpPoint& point) const;
  bool is_nearly_settled(const LpPoint& point) const;
  LpPoint settle(LpPoint point);
  void collect_wider(std::span<const std::size_t> classes, const LpPoint& point);

  const OpenClasses& open_;
  int threads_;
  Random random_{1};
  ClassSamples samples_;
  std::vector<Window> windows_;
  std::vector<ClassCurve> curves_;
  std::int64_t sorted_items_ = 0;
  std::int64_t widenings_ = 0;
};

}  // namespace espalier::solver
