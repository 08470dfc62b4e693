#include "espalier/pruning/train.hpp"

#include "train/checks.hpp"

namespace espalier::pruning {

void apply_masks(Sequential& network, const KernelMasks& masks) {
  nn::check_masks(network, masks);
  for (std::size_t layer = 0; layer < masks.size(); ++layer) {
    const auto kernel = network.kernel(static_cast<int>(layer));
    for (std::size_t i = 0; i < masks[layer].size(); ++i) {
      if (masks[layer][i] == 0) kernel[i] = 0.0F;
    }
  }
}

}  // namespace espalier::pruning
