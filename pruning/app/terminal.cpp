#include "terminal.hpp"

#include <cmath>
#include <cstdio>

#include "espalier/support/exact.hpp"

namespace espalier::app {
namespace {

constexpr double kSecondsBetweenIncumbents = 0.05;

/// Value of the file's objective, for display.
double in_units(const solver::Instance& instance, std::int64_t objective) {
  return (instance.sense * static_cast<double>(objective) + static_cast<double>(instance.offset)) /
         static_cast<double>(instance.scale);
}

/// A search without a bound yet has one at the end of the integers.
bool is_unknown(std::int64_t bound) { return bound == kInt64Max || bound == kInt64Min; }

}  // namespace

std::string gap_text(const solver::Instance& instance, std::int64_t objective, std::int64_t bound) {
  if (objective == bound) return "0 %";
  if (is_unknown(bound)) return "-";
  const double value = in_units(instance, objective);
  const double gap = std::abs(in_units(instance, bound) - value) / std::abs(value);
  if (!std::isfinite(gap) || gap > 9.99) return "large";
  char text[24];
  std::snprintf(text, sizeof text, "%.3f %%", 100.0 * gap);
  return text;
}

SolveLog::SolveLog(const solver::Instance& instance, int threads) : instance_(instance) {
  std::fprintf(stderr, "%s: %s %d items in %d rows on %d thread%s\n", instance.name.c_str(),
               instance.sense > 0 ? "maximise" : "minimise", instance.problem.num_items(),
               instance.problem.num_rows(), threads, threads == 1 ? "" : "s");
  std::fputs(
      "new incumbent from: S starting solution, H heuristic, N neighbourhood, M pair of deviations, "
      "T tree, D dynamic program, P presolve, C item classes\n"
      "     time       nodes     open        incumbent            bound      gap    cuts"
      "    LP iter\n",
      stderr);
}

void SolveLog::on_presolve(const solver::PresolveEvent& event) {
  std::fprintf(stderr, "%8.2fs  presolve: %d of %d items and %d of %d rows are left\n",
               event.seconds, event.items_after, event.items_before, event.rows_after,
               event.rows_before);
}

void SolveLog::on_incumbent(const solver::IncumbentEvent& event) {
  last_.seconds = event.seconds;
  last_.objective = event.objective;
  last_.bound = event.bound;
  const bool is_first = !has_incumbent_;
  has_incumbent_ = true;
  if (!is_first && event.seconds - last_line_seconds_ < kSecondsBetweenIncumbents) return;
  print_line(event.source);
}

void SolveLog::on_heartbeat(const solver::HeartbeatEvent& event) {
  last_ = event;
  print_line(' ');
}

void SolveLog::print_line(char source) {
  last_line_seconds_ = last_.seconds;
  const auto value = [&](std::int64_t objective, bool is_known) {
    return is_known ? solver::objective_in_file_units(instance_, objective) : std::string("-");
  };
  const bool has_bound = !is_unknown(last_.bound);
  const std::string gap =
      has_incumbent_ ? gap_text(instance_, last_.objective, last_.bound) : std::string("-");
  std::fprintf(stderr, "%c%7.2fs %11lld %8lld %16s %16s %8s %7lld %10lld\n", source, last_.seconds,
               static_cast<long long>(last_.nodes), static_cast<long long>(last_.open),
               value(last_.objective, has_incumbent_).c_str(),
               value(last_.bound, has_bound).c_str(), gap.c_str(),
               static_cast<long long>(last_.cuts), static_cast<long long>(last_.lp_iterations));
}

}  // namespace espalier::app
