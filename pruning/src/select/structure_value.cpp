#include <algorithm>
#include <cmath>
#include <string>

#include "espalier/pruning/selection.hpp"
#include "espalier/resource_model/weight_layout.hpp"
#include "espalier/support/error.hpp"

namespace espalier::pruning {
namespace {

double magnitude(double weight, ValueNorm norm) noexcept {
  return norm == ValueNorm::kL1 ? std::abs(weight) : weight * weight;
}

}  // namespace

std::vector<double> structure_values(std::span<const float> kernel,
                                     const resource_model::Layer& layer,
                                     const resource_model::LayerStructures& structures,
                                     ValueNorm norm) {
  const resource_model::WeightLayout layout(layer);
  if (static_cast<std::int64_t>(kernel.size()) != layout.num_weights() ||
      structures.first_weight + structures.num_weights > layout.num_weights()) {
    throw Error("layer " + layer.name + " has a kernel of " + std::to_string(kernel.size()) +
                " weights; expected " + std::to_string(layout.num_weights()));
  }
  std::vector<double> values(static_cast<std::size_t>(structures.num_structures), 0.0);
  for (std::int64_t f = 0; f < structures.num_weights; ++f) {
    const std::int64_t index = layout.framework_index(structures.first_weight + f);
    const float weight = kernel[static_cast<std::size_t>(index)];
    if (!std::isfinite(weight)) {
      throw Error("weight " + std::to_string(index) + " of layer " + layer.name + " is " +
                  std::to_string(weight) + "; expected a finite number");
    }
    values[static_cast<std::size_t>(f / structures.weights_per_structure)] +=
        magnitude(static_cast<double>(weight), norm);
  }
  if (norm == ValueNorm::kL2) {
    for (double& value : values) value = std::sqrt(value);
  }
  const double largest = values.empty() ? 0.0 : *std::max_element(values.begin(), values.end());
  if (largest > 0.0) {
    for (double& value : values) value /= largest;
  }
  return values;
}

}  // namespace espalier::pruning
