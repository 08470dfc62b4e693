#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "espalier/pruning/sequential.hpp"
#include "espalier/resource_model/network.hpp"

namespace espalier::tests {

/// A network with inputs, to be computed here and by hls4ml.
struct RoundtripCase {
  pruning::Sequential network;
  resource_model::Network hardware;
  std::vector<float> features;
  std::size_t count = 0;
};

/// Names of all cases.
std::vector<std::string> roundtrip_case_names();

/// Throws std::out_of_range for a name that is none.
RoundtripCase make_roundtrip_case(const std::string& name);

}  // namespace espalier::tests
