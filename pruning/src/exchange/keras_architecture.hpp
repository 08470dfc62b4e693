#pragma once

#include <string>
#include <string_view>

#include "espalier/resource_model/network.hpp"

namespace espalier::pruning {

/// The description with names that hls4ml takes: letters, digits and underscores, as it makes C++
/// names of them; not "input", which it keeps for itself; no two the same, also counting the layers
/// NAME_ACTIVATION that it adds. Names that are so already stay.
resource_model::Network with_exportable_names(resource_model::Network hardware);

/// Name of the InputLayer in an exported model: one that no layer has.
std::string input_layer_name(const resource_model::Network& hardware);

/// The Keras 2 architecture (JSON, class Sequential) of a hardware description. Throws Error naming
/// a layer that Keras has no plain counterpart for.
std::string keras_architecture(const resource_model::Network& hardware);

/// Keras' name of an activation.
std::string_view keras_name(resource_model::Activation activation) noexcept;

}  // namespace espalier::pruning
