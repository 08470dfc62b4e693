#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "espalier/pruning/import_model.hpp"
#include "espalier/pruning/train.hpp"
#include "espalier/support/error.hpp"

#include "input.hpp"

namespace espalier::tests {

/// A file of another framework: an error of one line, or a network that can be used.
inline void try_to_import(const std::filesystem::path& file) {
  constexpr std::size_t kMostInputs = 1000;
  try {
    const pruning::ImportedModel model = pruning::import_model(file);
    std::size_t size = 1;
    for (const int extent : model.network.input_shape()) size *= static_cast<std::size_t>(extent);
    if (size < kMostInputs) {
      pruning::predict(model.network, std::vector<float>(size, 1.0F), 1);
    }
  } catch (const Error& error) {
    require(error.message().find('\n') == std::string::npos, "an error of one line");
  }
}

}  // namespace espalier::tests
