#include "loop/acceptance.hpp"

#include <algorithm>
#include <cmath>

#include "espalier/pruning/train.hpp"
#include "espalier/support/check.hpp"

namespace espalier::pruning {

std::vector<std::uint8_t> correct_samples(const Sequential& network, const Dataset& data,
                                          int threads, const NetworkFixedPoint& fixed_point) {
  const std::vector<float> logits =
      predict(network, data.features, data.size(), threads, fixed_point);
  const auto classes = static_cast<std::ptrdiff_t>(network.num_classes());
  std::vector<std::uint8_t> correct(data.size());
  for (std::size_t i = 0; i < data.size(); ++i) {
    const auto first = logits.begin() + static_cast<std::ptrdiff_t>(i) * classes;
    const auto predicted = std::max_element(first, first + classes) - first;
    correct[i] = predicted == data.labels[i] ? 1 : 0;
  }
  return correct;
}

double fraction_of(const std::vector<std::uint8_t>& flags) noexcept {
  const auto count = std::count(flags.begin(), flags.end(), std::uint8_t{1});
  return flags.empty() ? 0.0 : static_cast<double>(count) / static_cast<double>(flags.size());
}

double standard_error_of_difference(const std::vector<std::uint8_t>& a,
                                    const std::vector<std::uint8_t>& b) {
  ESPALIER_CHECK(a.size() == b.size() && !a.empty());
  double disagreements = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) disagreements += a[i] != b[i] ? 1.0 : 0.0;
  return std::sqrt(disagreements) / static_cast<double>(a.size());
}

}  // namespace espalier::pruning
