#pragma once

#include <cstdint>
#include <string>

#include "espalier/solver/instance_io.hpp"
#include "espalier/solver/progress.hpp"

namespace espalier::app {

/// Writes the progress of one solve to stderr, in the columns that people know from MIP solvers.
///
/// A line begins with the letter of a new incumbent's source (the legend is printed first), or a
/// blank for a heartbeat. Incumbents that follow one another within a twentieth of a second share a
/// line, so that a quick search does not flood the terminal.
class SolveLog final : public solver::Observer {
 public:
  /// The instance must outlive the log.
  SolveLog(const solver::Instance& instance, int threads);

  void on_presolve(const solver::PresolveEvent& event) override;
  void on_incumbent(const solver::IncumbentEvent& event) override;
  void on_heartbeat(const solver::HeartbeatEvent& event) override;

 private:
  void print_line(char source);

  const solver::Instance& instance_;
  solver::HeartbeatEvent last_;  // counters of the last heartbeat, objective and bound of any event
  bool has_incumbent_ = false;
  double last_line_seconds_ = -1.0;
};

/// |bound - objective| / |objective| in per cent of the file's units, such as "0.83 %".
std::string gap_text(const solver::Instance& instance, std::int64_t objective, std::int64_t bound);

}  // namespace espalier::app
