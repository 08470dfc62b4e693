#include <algorithm>
#include <cmath>
#include <string>

#include "espalier/pruning/selection.hpp"
#include "espalier/resource_model/weight_layout.hpp"
#include "espalier/support/error.hpp"

namespace espalier::pruning {
namespace {

bool needs_sensitivity(ValueMetric metric) noexcept {
  return metric == ValueMetric::kGradient || metric == ValueMetric::kSecondOrder;
}

/// What one weight adds to its structure.
double contribution(double weight, double sensitivity, ValueMetric metric) noexcept {
  switch (metric) {
    case ValueMetric::kL1:
      return std::abs(weight);
    case ValueMetric::kL2:
      return weight * weight;
    case ValueMetric::kGradient:
      return std::abs(weight) * sensitivity;
    case ValueMetric::kSecondOrder:
      return 0.5 * weight * weight * sensitivity;
  }
  return 0.0;
}

void check_size(std::size_t found, std::int64_t expected, const char* of_what,
                const resource_model::Layer& layer) {
  if (static_cast<std::int64_t>(found) != expected) {
    throw Error("layer " + layer.name + " has " + of_what + std::to_string(found) +
                " weights; expected " + std::to_string(expected));
  }
}

double finite(float value, std::int64_t index, const char* what,
              const resource_model::Layer& layer) {
  if (std::isfinite(value)) return static_cast<double>(value);
  throw Error(what + std::to_string(index) + " of layer " + layer.name + " is " +
              std::to_string(value) + "; expected a finite number");
}

}  // namespace

std::vector<double> structure_values(std::span<const float> kernel,
                                     const resource_model::Layer& layer,
                                     const resource_model::LayerStructures& structures,
                                     ValueMetric metric, ValueScale scale,
                                     std::span<const float> sensitivity) {
  const resource_model::WeightLayout layout(layer);
  check_size(kernel.size(), layout.num_weights(), "a kernel of ", layer);
  if (needs_sensitivity(metric)) {
    check_size(sensitivity.size(), layout.num_weights(), "sensitivities of ", layer);
  }
  if (structures.first_weight + structures.num_weights > layout.num_weights()) {
    throw Error("layer " + layer.name + " has structures beyond its " +
                std::to_string(layout.num_weights()) + " weights");
  }
  std::vector<double> values(static_cast<std::size_t>(structures.num_structures), 0.0);
  for (std::int64_t f = 0; f < structures.num_weights; ++f) {
    const std::int64_t index = layout.framework_index(structures.first_weight + f);
    const auto k = static_cast<std::size_t>(index);
    const double weight = finite(kernel[k], index, "weight ", layer);
    const double factor = needs_sensitivity(metric)
                              ? finite(sensitivity[k], index, "the sensitivity of weight ", layer)
                              : 0.0;
    values[static_cast<std::size_t>(f / structures.weights_per_structure)] +=
        contribution(weight, factor, metric);
  }
  if (metric == ValueMetric::kL2) {
    for (double& value : values) value = std::sqrt(value);
  }
  const double largest = values.empty() ? 0.0 : *std::max_element(values.begin(), values.end());
  if (scale == ValueScale::kLayerLargest && largest > 0.0) {
    for (double& value : values) value /= largest;
  }
  return values;
}

}  // namespace espalier::pruning
