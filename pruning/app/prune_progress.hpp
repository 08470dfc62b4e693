#pragma once

#include <string>

#include "espalier/pruning/prune.hpp"

namespace espalier::app {

/// Shows the progress of a pruning run on stderr: an epoch bar where stderr is a terminal, one line
/// per epoch elsewhere, and one line per iteration in either case.
class PruneLog final : public pruning::PruneObserver {
 public:
  PruneLog();

  void on_phase(const std::string& what) override;
  void on_epoch(const pruning::EpochReport& epoch) override;
  void on_progress(int epoch, double fraction) override;
  void on_baseline(const pruning::NetworkState& baseline) override;
  void on_iteration(const pruning::IterationRecord& iteration) override;

 private:
  void clear_bar();

  bool is_terminal_;
  std::string phase_;
};

/// The closing table of a run: layers, totals and accuracies.
std::string summary_text(const pruning::PruneReport& report);

}  // namespace espalier::app
