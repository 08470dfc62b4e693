#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "espalier/support/exact.hpp"
#include "espalier/support/random.hpp"

#include "classes/class_curve.hpp"
#include "classes/class_lp.hpp"
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
class ClassWindows final : public CurveSource {
 public:
  /// `open` must outlive the windows.
  ClassWindows(const OpenClasses& open, int threads);

  /// Collects the windows and returns the minimum of the dual, which is expected near these
  /// multipliers; empty: nothing is known of it.
  LpPoint narrow(std::span<const double> expected);

  /// Collects the windows of these classes again, wider, and returns the new minimum.
  LpPoint widen(std::span<const std::size_t> classes, LpPoint point) override;

  /// One curve per open class; valid until the next call of the above.
  std::span<const ClassCurve> curves() const override { return curves_; }
  /// What the last pass over the candidates of an open class has noted.
  const CollectedItems& collected(std::size_t k) const noexcept { return windows_[k].collected; }
  /// Items of all windows that were sorted so far.
  std::int64_t sorted_items() const noexcept { return sorted_items_; }
  std::int64_t widenings() const noexcept { return widenings_; }

 private:
  struct Window {
    std::int64_t low = 1, high = kInt64Max;  ///< profits in [low, high] belong to the window
    std::int64_t above = 0;                  ///< items of more than `high`
    bool is_collected = false;
    std::vector<std::int64_t> values;
    CollectedItems collected;
    int widenings = 0;
  };

  std::span<const std::int64_t> population(std::size_t k) const;
  ClassCurve curve(std::size_t k, std::span<const std::int64_t> values, double unit) const;
  LpPoint shrink(LpPoint point, std::size_t sample_total);
  void aim(std::size_t k, std::span<const std::int64_t> sample, double unit, double threshold,
           double margin_factor);
  void collect(std::span<const std::size_t> classes);
  void filter(std::size_t k);
  void sort_windows(std::span<const std::size_t> classes);
  LpPoint settle(LpPoint point);
  void collect_wider(std::span<const std::size_t> classes, const LpPoint& point);
  double threshold(std::size_t k, const LpPoint& point) const;

  const OpenClasses& open_;
  int threads_;
  Random random_{1};
  std::vector<Window> windows_;
  std::vector<ClassCurve> curves_;
  std::int64_t sorted_items_ = 0;
  std::int64_t widenings_ = 0;
};

}  // namespace espalier::solver
