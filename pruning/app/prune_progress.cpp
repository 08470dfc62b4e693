#include "prune_progress.hpp"

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <iostream>

#include <unistd.h>

namespace espalier::app {
namespace {

/// printf into a string; lines of progress and tables are short.
[[gnu::format(printf, 1, 2)]] std::string format(const char* pattern, ...) {
  std::array<char, 512> text{};
  std::va_list arguments;
  va_start(arguments, pattern);
  const int length = std::vsnprintf(text.data(), text.size(), pattern, arguments);
  va_end(arguments);
  return {text.data(), std::min(static_cast<std::size_t>(length), text.size() - 1)};
}

constexpr const char* kEraseLine = "\r\x1b[K";

std::string layer_line(const std::string& name, std::int64_t kept, std::int64_t all,
                       const resource_model::Resources& before,
                       const resource_model::Resources& after) {
  return format("%-12s %8lld / %-8lld %8lld -> %-8lld %8lld -> %-8lld\n", name.c_str(),
                static_cast<long long>(kept), static_cast<long long>(all),
                static_cast<long long>(before.dsp), static_cast<long long>(after.dsp),
                static_cast<long long>(before.bram18), static_cast<long long>(after.bram18));
}

}  // namespace

PruneLog::PruneLog() : is_terminal_(isatty(STDERR_FILENO) == 1) {}

void PruneLog::clear_bar() {
  if (is_terminal_) std::cerr << kEraseLine;
}

void PruneLog::on_phase(const std::string& what) { phase_ = what; }

void PruneLog::on_progress(int epoch, double fraction) {
  if (!is_terminal_) return;
  constexpr int kBarWidth = 30;
  const auto filled = static_cast<std::size_t>(fraction * kBarWidth + 0.5);
  std::string bar(std::min<std::size_t>(filled, kBarWidth), '#');
  bar.resize(kBarWidth, '.');
  std::cerr << kEraseLine << phase_ << ", epoch " << epoch << " [" << bar << "]" << std::flush;
}

void PruneLog::on_epoch(const pruning::EpochReport& epoch) {
  const std::string text =
      format("%s, epoch %d/%d: loss %.4f, validation %.2f %%, %.1f s", phase_.c_str(), epoch.epoch,
             epoch.num_epochs, epoch.loss, 100.0 * epoch.validation_accuracy, epoch.seconds);
  if (is_terminal_) {
    std::cerr << kEraseLine << text << std::flush;
  } else {
    std::cerr << text << std::endl;
  }
}

void PruneLog::on_baseline(const pruning::NetworkState& baseline) {
  clear_bar();
  std::cerr << format("baseline: validation %.2f %%, %lld DSP, %lld BRAM",
                      100.0 * baseline.validation_accuracy,
                      static_cast<long long>(baseline.resources.dsp),
                      static_cast<long long>(baseline.resources.bram18))
            << std::endl;
}

void PruneLog::on_iteration(const pruning::IterationRecord& it) {
  clear_bar();
  std::cerr
      << format(
             "iteration %d: target %.1f %%, knapsack %s %.3f (greedy %.3f) in %.1f ms, validation "
             "%.2f %% (needs %.2f %%), %lld DSP, %lld BRAM: %s%s",
             it.iteration, 100.0 * it.target_sparsity, it.knapsack_status.c_str(),
             it.knapsack_objective, it.greedy_objective, 1000.0 * it.knapsack_seconds,
             100.0 * it.validation_accuracy, 100.0 * it.required_accuracy,
             static_cast<long long>(it.resources.dsp), static_cast<long long>(it.resources.bram18),
             it.accepted ? "accepted" : "rejected",
             it.protected_layer.empty() ? "" : (", protecting " + it.protected_layer).c_str())
      << std::endl;
}

std::string summary_text(const pruning::PruneReport& report) {
  std::string text =
      format("\n%-12s %19s %20s %20s\n", "layer", "structures kept", "DSP", "BRAM (18 Kb)");
  std::int64_t kept = 0;
  std::int64_t all = 0;
  for (const pruning::LayerOutcome& layer : report.layers) {
    text +=
        layer_line(layer.name, layer.structures_kept, layer.structures, layer.before, layer.after);
    kept += layer.structures_kept;
    all += layer.structures;
  }
  text += layer_line("total", kept, all, report.baseline.resources, report.pruned.resources);
  text += format(
      "\nDSP -%.1f %%, BRAM -%.1f %%; test accuracy %.2f %% -> %.2f %% (%.2f %% "
      "relative loss); %.1f s\n",
      100.0 * report.dsp_reduction, 100.0 * report.bram_reduction,
      100.0 * report.baseline.test_accuracy, 100.0 * report.pruned.test_accuracy,
      100.0 * report.relative_accuracy_loss, report.seconds);
  const auto& objective = report.settings.objective;
  if (objective.lut || objective.ff) {
    text += format("logic of the multipliers: LUT -%.1f %%, FF -%.1f %%\n",
                   100.0 * report.lut_reduction, 100.0 * report.ff_reduction);
  }
  if (report.baseline.fixed_point_test_accuracy && report.pruned.fixed_point_test_accuracy) {
    text += format("in fixed point: test accuracy %.2f %% -> %.2f %%\n",
                   100.0 * *report.baseline.fixed_point_test_accuracy,
                   100.0 * *report.pruned.fixed_point_test_accuracy);
  }
  if (report.misses_tolerance_in_fixed_point) {
    text += std::string("in fixed point it loses more than the tolerance on validation data: ") +
            (report.settings.fixed_point_tuning ? "" : "prune with --fixed-point, or ") +
            "give it wider types\n";
  }
  return text;
}

}  // namespace espalier::app
