#include "loop/blame.hpp"

namespace espalier::pruning {
namespace {

// Between near misses and lost classes, see the header.
constexpr double kCollapse = 2.0;

}  // namespace

bool has_collapsed(double baseline, double required, double achieved) noexcept {
  return baseline - achieved > kCollapse * (baseline - required);
}

std::optional<std::size_t> layer_to_blame(const std::vector<LayerTrial>& trials,
                                          double accepted_accuracy, double required) {
  std::optional<std::size_t> worst;
  double worst_loss = 0.0;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    if (trials[i].share_freed <= 0.0 || trials[i].accuracy >= required) continue;
    const double loss = (accepted_accuracy - trials[i].accuracy) / trials[i].share_freed;
    if (loss > worst_loss) {
      worst = i;
      worst_loss = loss;
    }
  }
  return worst;
}

}  // namespace espalier::pruning
