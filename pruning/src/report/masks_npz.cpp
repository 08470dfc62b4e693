#include <vector>

#include "espalier/pruning/report.hpp"

#include "report/npz.hpp"

namespace espalier::pruning {
namespace {

/// Shape of the kernel as frameworks store it.
std::vector<std::int64_t> kernel_shape(const resource_model::Layer& layer) {
  if (layer.type == resource_model::LayerType::kConv1D) {
    return {layer.kernel[1], layer.input[2], layer.filters};
  }
  if (layer.type == resource_model::LayerType::kConv2D) {
    return {layer.kernel[0], layer.kernel[1], layer.input[2], layer.filters};
  }
  return {layer.n_in, layer.n_out};
}

}  // namespace

std::string masks_to_npz(const PruneReport& report) {
  std::vector<std::vector<std::uint8_t>> unmasked;
  unmasked.reserve(report.hardware.layers.size());  // spans into it stay valid
  std::vector<NamedArray> arrays;
  std::size_t next = 0;
  for (const resource_model::Layer& layer : report.hardware.layers) {
    if (!layer.has_weights()) continue;
    if (next < report.masks.size()) {
      arrays.push_back({layer.name, kernel_shape(layer), report.masks[next++]});
    } else {
      unmasked.emplace_back(static_cast<std::size_t>(layer.num_weights()), std::uint8_t{1});
      arrays.push_back({layer.name, kernel_shape(layer), unmasked.back()});
    }
  }
  return write_npz(arrays);
}

}  // namespace espalier::pruning
