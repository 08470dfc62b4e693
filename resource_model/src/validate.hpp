#pragma once

#include <string>

#include "espalier/resource_model/network.hpp"

namespace espalier::resource_model {

/// "layer 'fc1': what", the form of every error about a layer.
std::string about_layer(const Layer& layer, const std::string& what);

/// Throws Error that names layer and field when a size, stride, width or factor cannot be. The
/// reuse factor only has to be positive here: whether hls4ml accepts it is reuse_factor.hpp's.
void validate_layer(const Layer& layer);

}  // namespace espalier::resource_model
