#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "espalier/support/random.hpp"

#include "classes/class_curve.hpp"
#include "classes/class_lp.hpp"
#include "classes/open_classes.hpp"

namespace espalier::solver {

/// Random samples of all open classes, at places that stay the same when the profits change.
///
/// The LP over the samples misses the multipliers of the LP over everything, and when the profits
/// have changed a little it will miss the new ones by about as much: so they are foretold from the
/// former miss. What is left of the error comes from the items that have gone from one side of
/// their class's threshold to the other, of which the sample tells how many there are.
class ClassSamples {
 public:
  /// `open` must outlive the samples.
  explicit ClassSamples(const OpenClasses& open) : open_(open) {}

  /// Chooses places anew, about `total` of them, and forgets what was known.
  void place(std::size_t total, Random& random);
  /// Whether the places belong to these open classes and the LP of former profits is known.
  bool has_past() const;

  /// Reads the profits at the places and returns the minimum of the dual over them, expected near
  /// these multipliers, which may be empty.
  LpPoint minimise(std::span<const double> expected);
  /// The same, expected near the last one.
  LpPoint minimise_again();

  /// Multipliers of all profits, foretold from the last minimum.
  std::vector<double> foretold() const;
  /// Parts of the samples that went from one side of the thresholds to the other since the past
  /// when these are the multipliers now: one per class, no less than that of all together, and the
  /// latter behind.
  std::vector<double> moved_parts(std::span<const double> multipliers) const;

  /// Takes the profits read last as the past, of which `multipliers` are those of all profits.
  void remember(std::span<const double> multipliers);

  /// Over the profits read last; valid until they are read again.
  std::span<const ClassCurve> curves() const noexcept { return curves_; }

 private:
  struct Place {
    std::int32_t position = 0;
    std::int64_t before = 0;  ///< the profit there in the past
    std::int64_t now = 0;     ///< and when it was read last
  };
  struct Sample {
    std::size_t population = 0;
    std::vector<Place> places;         ///< by falling profit; empty: the whole class
    std::vector<std::int64_t> sorted;  ///< the positive profits read last, falling
    double unit = 1.0;
  };

  static void sort_places(std::vector<Place>& places);
  void read();

  const OpenClasses& open_;
  std::vector<Sample> samples_;
  std::vector<ClassCurve> curves_;
  LpPoint minimum_;                       ///< over the samples
  std::vector<double> past_minimum_;      ///< its multipliers in the past
  std::vector<double> past_multipliers_;  ///< those of all profits then; empty: no past
};

}  // namespace espalier::solver
