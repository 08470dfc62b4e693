#include "espalier/resource_model/weight_layout.hpp"

namespace espalier::resource_model {

WeightLayout::WeightLayout(const Layer& layer)
    : fan_in_(layer.fan_in()),
      fan_out_(layer.fan_out()),
      reuse_(layer.reuse_factor),
      num_depthwise_(layer.type == LayerType::kSeparableConv2D
                         ? layer.num_weights() - std::int64_t{layer.fan_in()} * layer.fan_out()
                         : 0) {}

}  // namespace espalier::resource_model
