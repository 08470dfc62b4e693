#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace espalier::solver {

/// Average fall of the bound per unit of rounding distance, per item and direction (Benichou et
/// al. 1971). Belongs to one worker.
class PseudoCosts {
 public:
  explicit PseudoCosts(int num_items) : entries_(static_cast<std::size_t>(num_items)) {}

  void record(std::int32_t item, int value, double fall, double distance) {
    if (distance < kLeastDistance) return;
    Entry& entry = entries_[static_cast<std::size_t>(item)];
    entry.sum[value] += fall / distance;
    entry.count[value] += 1.0;
  }

  double count(std::int32_t item, int value) const {
    return entries_[static_cast<std::size_t>(item)].count[value];
  }

  /// Requires count() > 0.
  double average(std::int32_t item, int value) const {
    const Entry& entry = entries_[static_cast<std::size_t>(item)];
    return entry.sum[value] / entry.count[value];
  }

 private:
  /// Falls are not extrapolated from shorter distances.
  static constexpr double kLeastDistance = 1e-4;

  struct Entry {
    double sum[2] = {0.0, 0.0};
    double count[2] = {0.0, 0.0};
  };
  std::vector<Entry> entries_;
};

}  // namespace espalier::solver
