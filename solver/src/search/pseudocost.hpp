#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace espalier::solver {

/// Average fall of the bound per unit of rounding distance, per item and direction (Benichou et
/// al. 1971). Belongs to one worker, which may exchange what it sees with others now and then.
class PseudoCosts {
 public:
  explicit PseudoCosts(int num_items) : entries_(static_cast<std::size_t>(num_items)) {}

  void record(std::int32_t item, int value, double fall, double distance) {
    if (distance < kLeastDistance) return;
    Entry& entry = entries_[static_cast<std::size_t>(item)];
    entry.sum[value] += fall / distance;
    entry.count[value] += 1.0;
  }

  /// Adds what was recorded here since the last exchange to `common`, and takes over what is there.
  void exchange(PseudoCosts& common) {
    exchanged_.resize(entries_.size());
    for (std::size_t k = 0; k < entries_.size(); ++k) {
      for (const int value : {0, 1}) {
        common.entries_[k].sum[value] += entries_[k].sum[value] - exchanged_[k].sum[value];
        common.entries_[k].count[value] += entries_[k].count[value] - exchanged_[k].count[value];
      }
      entries_[k] = exchanged_[k] = common.entries_[k];
    }
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
  std::vector<Entry> exchanged_;  // as they were after the last exchange; empty before the first
};

}  // namespace espalier::solver
