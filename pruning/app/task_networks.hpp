#pragma once

#include "espalier/resource_model/network.hpp"

namespace espalier::app {

/// The networks of the tasks, layer by layer, with the types and folding of their hardware.
resource_model::Network jets_hardware();
resource_model::Network lenet_hardware();
resource_model::Network gamma_hardware();
resource_model::Network svhn_hardware();

}  // namespace espalier::app
